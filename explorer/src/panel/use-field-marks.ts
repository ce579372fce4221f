import { useGraphiQL } from '@graphiql/react';
import { useEffect, useState } from 'react';
import { type FieldPosition, fieldPositions } from '../waterfall/field-positions.ts';
import type { ChartRow } from '../waterfall/layout.ts';

/** The class of a marked field in the query editor; the backend's colour is a second class. */
const markClass = 'weir-mark';

export interface FieldMarks {
  /** The fields that were found; null where the editor's text cannot be read, or nothing is selected. */
  readonly positions: readonly FieldPosition[] | null;
  /** Brings a field into sight and puts the cursor on it. */
  reveal(position: FieldPosition): void;
}

/**
 * Marks the fields of a call in the query editor for as long as it is selected, wherever they stand when the
 * text is edited meanwhile.
 */
export function useFieldMarks(row: ChartRow | null, operationName: string | null): FieldMarks {
  const editor = useGraphiQL(({ queryEditor }) => queryEditor);
  const [positions, setPositions] = useState<readonly FieldPosition[] | null>(null);

  useEffect(() => {
    if (!editor || !row) {
      setPositions(null);
      return;
    }
    const marks = editor.createDecorationsCollection();
    const mark = () => {
      const found = fieldPositions(editor.getValue(), row.call.paths, operationName);
      setPositions(found);
      marks.set(
        (found ?? []).map(({ line, column, endColumn }) => ({
          range: { startLineNumber: line, startColumn: column, endLineNumber: line, endColumn },
          options: {
            inlineClassName: `${markClass} weir-backend-${row.colour}`,
            linesDecorationsClassName: `${markClass}-line weir-backend-${row.colour}`,
            hoverMessage: { value: `${row.call.backend}: ${row.call.route}` },
          },
        })),
      );
      return found;
    };
    const [first] = mark() ?? [];
    if (first) editor.revealLineInCenterIfOutsideViewport(first.line);
    const edits = editor.onDidChangeModelContent(mark);
    return () => {
      edits.dispose();
      marks.clear();
    };
  }, [editor, row, operationName]);

  return {
    positions,
    reveal({ line, column }) {
      editor?.setPosition({ lineNumber: line, column });
      editor?.revealLineInCenterIfOutsideViewport(line);
      editor?.focus();
    },
  };
}
