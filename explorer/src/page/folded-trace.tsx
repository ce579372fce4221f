import { useGraphiQL } from '@graphiql/react';
import { useEffect } from 'react';

/**
 * Folds the waterfall in the response away: it is there, and one click shows it, but the panel shows it better
 * and the data should not drown in it.
 */
export function FoldedTrace() {
  const editor = useGraphiQL(({ responseEditor }) => responseEditor);
  useEffect(() => {
    const subscription = editor?.onDidChangeModelContent(() => {
      const model = editor.getModel();
      const [match] = model?.findMatches('^ {4}"waterfall": \\{$', false, true, true, null, false, 1) ?? [];
      if (match) editor.trigger('weir', 'editor.fold', { selectionLines: [match.range.startLineNumber - 1] });
    });
    return () => subscription?.dispose();
  }, [editor]);
  return null;
}
