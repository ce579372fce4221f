import { useState } from 'react';

/** Below the editors, where a chart has the width of the window, or beside them, where it has the height. */
export type Dock = 'bottom' | 'side';

export interface PanelPlace {
  readonly dock: Dock;
  /** Pixels; meant for the bottom dock. */
  readonly height: number;
  setDock(dock: Dock): void;
  setHeight(height: number): void;
}

export const minHeight = 160;
const dockKey = 'weir.dock';
const heightKey = 'weir.panelHeight';

/** Where the panel stands and how high it is, kept from visit to visit. */
export function usePanelPlace(): PanelPlace {
  const [dock, setDock] = useState<Dock>(() =>
    localStorage.getItem(dockKey) === 'side' ? 'side' : 'bottom',
  );
  const [height, setHeight] = useState(() => {
    const kept = Number(localStorage.getItem(heightKey));
    return within(kept > 0 ? kept : window.innerHeight * 0.44);
  });
  return {
    dock,
    height,
    setDock(next) {
      localStorage.setItem(dockKey, next);
      setDock(next);
    },
    setHeight(next) {
      localStorage.setItem(heightKey, String(Math.round(within(next))));
      setHeight(within(next));
    },
  };
}

/** The highest that the panel may be, so that the editors keep some room. */
export function maxHeight(): number {
  return Math.max(minHeight, window.innerHeight - 350);
}

function within(height: number): number {
  return Math.min(Math.max(height, minHeight), maxHeight());
}
