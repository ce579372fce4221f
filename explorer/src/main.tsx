import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './page/page.css';
import './panel/panel.css';
import { createRoot } from 'react-dom/client';
import { Explorer } from './page/explorer.tsx';
import { createRuns } from './runs.ts';
import { createSession } from './session.ts';
import { createBackendColours } from './waterfall/backend-colours.ts';

const root = document.getElementById('explorer');
if (!root) throw new Error('the page has no #explorer');

createRoot(root).render(
  <Explorer
    url={new URL('/graphql', location.href).href}
    session={createSession(sessionStorage)}
    runs={createRuns()}
    colourOf={createBackendColours()}
  />,
);
