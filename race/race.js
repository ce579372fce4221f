import { createChart, fillTable } from './chart.js';
import { createRestApp, restFlights, restOrders } from './rest-app.js';
import { askWeir, queries, sayFlights, sayOrders } from './weir-app.js';

const BACKENDS = [
  'users',
  'orders',
  'products',
  'bookings',
  'flights',
  'pricing',
  'inventory',
  'payments',
  'notifications',
];
const byId = (id) => document.getElementById(id);
const form = byId('controls');
const button = form.querySelector('button');
const verdict = byId('verdict');
const colourOf = (backend) => Math.max(0, BACKENDS.indexOf(backend));
const sides = Object.fromEntries(
  ['rest', 'weir'].map((name) => [
    name,
    {
      article: byId(`${name}-chart`).closest('article'),
      element: byId(`${name}-chart`),
      chart: createChart(byId(`${name}-chart`), colourOf),
      clock: byId(`${name}-time`),
      facts: byId(`${name}-facts`),
      table: byId(`${name}-table`),
    },
  ]),
);
/** How much time the ruler shows before anything is known, in milliseconds. */
const FIRST_SCALE_MS = 600;
let session = null;

/** Signs in as Ada once, before anything is measured: both sides use the same token. */
async function signIn() {
  if (session && Date.parse(session.expiresAt) > Date.now() + 60_000) return session;
  const response = await fetch('/race/rest/users/sessions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'ada@example.com', password: 'waterfall' }),
  });
  if (!response.ok) throw new Error(`Ada could not sign in (${response.status}).`);
  session = await response.json();
  return session;
}

const choices = () => {
  const data = new FormData(form);
  const date = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);
  return {
    page: data.get('page'),
    distanceMs: Number(data.get('distance')),
    serial: data.get('style') === 'serial',
    search: { origin: 'LHR', destination: 'JFK', date },
  };
};

function showClock({ clock }, ms) {
  const unit = document.createElement('small');
  unit.textContent = 'ms';
  clock.replaceChildren(Math.round(ms).toLocaleString('en'), unit);
}

/** Draws a side on every frame until its work is done; resolves with the time it took. */
async function live(side, bars, scale, beganAt, work) {
  let running = true;
  const frame = () => {
    if (!running) return;
    const nowMs = performance.now() - beganAt;
    scale.ms = Math.max(scale.ms, nowMs * 1.15);
    showClock(side, nowMs);
    side.chart.draw(bars, scale.ms, nowMs);
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  try {
    return await work();
  } finally {
    running = false;
  }
}

async function race() {
  const { page, distanceMs, serial, search } = choices();
  const { accessToken: token, user } = await signIn();
  const scale = { ms: FIRST_SCALE_MS };
  for (const side of Object.values(sides)) {
    side.chart.clear();
    side.clock.textContent = '–';
    side.facts.textContent = '\u00a0';
    side.article.classList.remove('won');
  }

  verdict.textContent = 'Plain REST is on its way …';
  const rest = { bars: [], beganAt: performance.now() };
  const app = createRestApp({ token, distanceMs, serial, onCall: (bar) => rest.bars.push(bar) });
  rest.says = await live(sides.rest, rest.bars, scale, rest.beganAt, () =>
    page === 'orders' ? restOrders(app, user.id) : restFlights(app, search),
  );
  rest.tookMs = app.now();

  verdict.textContent = 'Weir is on its way …';
  const weir = { beganAt: performance.now() };
  const whole = {
    backend: 'Weir',
    label: 'POST /graphql',
    startMs: 0,
    endMs: null,
    whole: true,
    cached: false,
    failed: false,
  };
  weir.bars = [whole];
  const answer = await live(sides.weir, weir.bars, scale, weir.beganAt, () =>
    askWeir({
      query: queries[page],
      variables: page === 'flights' ? { search } : {},
      token,
      distanceMs,
      beganAt: weir.beganAt,
    }),
  );
  whole.endMs = answer.tookMs;
  weir.tookMs = answer.tookMs;
  weir.bars.push(...answer.bars);
  weir.says = page === 'orders' ? sayOrders(answer.data) : sayFlights(answer.data);

  scale.ms = Math.max(rest.tookMs, weir.tookMs) * 1.04;
  finish(rest, weir, scale);
}

function finish(rest, weir, scale) {
  const calls = weir.bars.slice(1);
  tell(sides.rest, rest, scale, `${rest.bars.length} requests from the client · ${rest.says}`);
  tell(
    sides.weir,
    weir,
    scale,
    `1 request, ${calls.length} ${calls.length === 1 ? 'call' : 'calls'} behind it · ${weir.says}`,
  );
  const times = rest.tookMs / weir.tookMs;
  sides.weir.article.classList.toggle('won', times >= 1);
  sides.rest.article.classList.toggle('won', times < 1);
  const requests = `1 request instead of ${rest.bars.length}`;
  verdict.textContent =
    times >= 1.05
      ? `${requests}, and ${times.toFixed(1)} times as fast.`
      : times > 0.95
        ? `${requests}, in the same time.`
        : `${requests}; plain REST was faster this time.`;
  const used = BACKENDS.filter((name) => [...rest.bars, ...calls].some(({ backend }) => backend === name));
  byId('legend').replaceChildren(
    ...used.map((name) => {
      const item = document.createElement('li');
      item.className = `backend-${colourOf(name)}`;
      item.textContent = name;
      return item;
    }),
  );
}

function tell(side, { bars, tookMs }, scale, facts) {
  showClock(side, tookMs);
  side.facts.textContent = facts;
  side.chart.draw(bars, scale.ms, tookMs);
  side.element.setAttribute(
    'aria-label',
    `${Math.round(tookMs)} ms: ${facts}. The table below lists every call.`,
  );
  fillTable(side.table, bars);
}

async function start() {
  button.disabled = true;
  verdict.className = '';
  byId('query').textContent = queries[choices().page];
  try {
    await race();
  } catch (error) {
    verdict.className = 'failed';
    verdict.textContent = `The race could not be run: ${error.message}`;
  } finally {
    button.disabled = false;
  }
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  start();
});
form.addEventListener('change', () => {
  if (!button.disabled) start();
});
start();
