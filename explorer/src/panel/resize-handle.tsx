import type { KeyboardEvent, PointerEvent } from 'react';
import { maxHeight, minHeight, type PanelPlace } from './use-panel-place.ts';

const stepPx = 24;

/** The panel's upper edge, to drag with a pointer or move with the arrow keys. */
export function ResizeHandle({ height, setHeight }: Pick<PanelPlace, 'height' | 'setHeight'>) {
  function drag(event: PointerEvent<HTMLDivElement>) {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const panel = event.currentTarget.parentElement;
    if (panel) setHeight(panel.getBoundingClientRect().bottom - event.clientY);
  }

  function move(event: KeyboardEvent) {
    const to = { ArrowUp: height + stepPx, ArrowDown: height - stepPx, Home: maxHeight(), End: minHeight };
    const next = Object.entries(to).find(([key]) => key === event.key)?.[1];
    if (next === undefined) return;
    event.preventDefault();
    setHeight(next);
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: an <hr> cannot be moved; this is the window splitter of the ARIA practices.
    <div
      className="wf-resize"
      role="separator"
      aria-orientation="horizontal"
      aria-label="Height of the Waterfall panel"
      aria-valuemin={minHeight}
      aria-valuemax={maxHeight()}
      aria-valuenow={Math.round(height)}
      tabIndex={0}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onKeyDown={move}
    />
  );
}
