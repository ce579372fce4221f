import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import { useMemo, useState } from 'react';
import { exampleTabs } from '../example-tabs.ts';
import { ExplorerContext, type ExplorerParts } from '../explorer-context.ts';
import { createFetcher } from '../fetcher.ts';
import type { Plugin } from '../graphiql-types.ts';
import { createPageStorage } from '../page-storage.ts';
import { WaterfallIcon } from '../panel/icons.tsx';
import { WaterfallPanel } from '../panel/waterfall-panel.tsx';
import { EditorTheme } from './editor-theme.tsx';
import { FoldedTrace } from './folded-trace.tsx';
import { SchemaLoader } from './schema-loader.tsx';
import { SignInControl } from './sign-in-control.tsx';
import { TabWatcher } from './tab-watcher.tsx';
import { TraceSwitch } from './trace-switch.tsx';

const waterfall: Plugin = { title: 'Waterfall', icon: WaterfallIcon, content: WaterfallPanel };
const plugins = [waterfall, HISTORY_PLUGIN];
const panelKey = 'weir.panel';

/** GraphiQL with the Waterfall panel, the example tabs, and the controls for signing in and tracing. */
export function Explorer(parts: ExplorerParts) {
  const { url, session, runs } = parts;
  const fetcher = useMemo(() => createFetcher({ url, session, runs }), [url, session, runs]);
  const [storage] = useState(() => createPageStorage(localStorage));
  const [tabs] = useState(() => exampleTabs(new Date()));
  // GraphiQL opens what was open, and this where nothing is remembered: not where the panel was closed on purpose.
  const [opened] = useState(() =>
    localStorage.getItem(panelKey) === 'closed' ? undefined : waterfall.title,
  );

  return (
    <ExplorerContext value={parts}>
      <GraphiQL
        fetcher={fetcher}
        storage={storage}
        plugins={plugins}
        {...(opened && { visiblePlugin: opened })}
        onTogglePluginVisibility={(plugin) => localStorage.setItem(panelKey, plugin ? 'open' : 'closed')}
        defaultTabs={tabs}
        shouldPersistHeaders={false}
        inputValueDeprecation
        schemaDescription
      >
        <GraphiQL.Logo>
          <div className="weir-controls">
            <TraceSwitch />
            <SignInControl />
            <Wordmark />
          </div>
        </GraphiQL.Logo>
        <TabWatcher />
        <SchemaLoader />
        <EditorTheme />
        <FoldedTrace />
      </GraphiQL>
    </ExplorerContext>
  );
}

function Wordmark() {
  return (
    <span className="weir-wordmark">
      <WaterfallIcon />
      Weir
    </span>
  );
}
