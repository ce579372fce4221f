import { useMonaco } from '@graphiql/react';
import { useEffect } from 'react';

/** Gives the editors the page's accent in place of GraphiQL's pink. */
export function EditorTheme() {
  const monaco = useMonaco((state) => state.monaco);
  useEffect(() => {
    if (!monaco) return;
    monaco.editor.defineTheme('graphiql-LIGHT', {
      base: 'vs',
      inherit: true,
      colors: { ...shared, ...accents('#0b6e8f', '#ffffff') },
      rules: [
        { token: 'keyword.gql', foreground: '7c3aad' },
        { token: 'type.identifier.gql', foreground: '0b6e8f' },
        { token: 'argument.identifier.gql', foreground: '9a5b00' },
        { token: 'key.identifier.gql', foreground: '24344d' },
      ],
    });
    monaco.editor.defineTheme('graphiql-DARK', {
      base: 'vs-dark',
      inherit: true,
      colors: { ...shared, ...accents('#5cc8e8', '#1b2434') },
      rules: [
        { token: 'keyword.gql', foreground: 'c9a3f5' },
        { token: 'type.identifier.gql', foreground: '5cc8e8' },
        { token: 'argument.identifier.gql', foreground: 'e8b75c' },
        { token: 'key.identifier.gql', foreground: 'dbe4f2' },
      ],
    });
  }, [monaco]);
  return null;
}

const shared = {
  'editor.background': '#ffffff00',
  'scrollbar.shadow': '#ffffff00',
};

/** The accent, and the ground of what floats above an editor. */
function accents(accent: string, ground: string): Record<string, string> {
  return {
    focusBorder: accent,
    'textLink.foreground': accent,
    'textLink.activeForeground': accent,
    'editorLink.activeForeground': accent,
    'editorHoverWidget.background': ground,
    'editorSuggestWidget.background': ground,
    'editorSuggestWidget.selectedBackground': `${accent}22`,
    'editorSuggestWidget.selectedForeground': accent,
    'editorWidget.background': ground,
    'list.hoverBackground': `${accent}19`,
    'list.highlightForeground': accent,
    'list.focusHighlightForeground': accent,
    'menu.background': ground,
    'menu.selectionBackground': `${accent}19`,
    'menu.selectionForeground': accent,
    'quickInput.background': ground,
    'quickInputList.focusBackground': `${accent}19`,
    'toolbar.hoverBackground': `${accent}19`,
    'inputOption.hoverBackground': `${accent}19`,
    'editorWidget.resizeBorder': accent,
    'pickerGroup.foreground': accent,
  };
}
