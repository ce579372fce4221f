import { useEffect, useRef } from 'react';
import { type Place, usePlace, useSession } from './hooks.ts';
import { Account } from './screens/account.tsx';
import { Flights } from './screens/flights.tsx';
import { OrderScreen } from './screens/order.tsx';
import { ProductScreen } from './screens/product.tsx';
import { SignIn } from './screens/sign-in.tsx';
import { Storefront } from './screens/storefront.tsx';
import { writeSession } from './weir.ts';

const LINKS: readonly (readonly [string, string])[] = [
  ['/', 'Shop'],
  ['/flights', 'Flights'],
  ['/account', 'Account'],
];

/** The screen of a place. */
function ScreenAt({ place }: { readonly place: Place }) {
  const { path, whole } = place;
  const [, kind = '', id = ''] = path.split('/');
  if (kind === 'products') return <ProductScreen key={id} id={id} />;
  if (kind === 'orders') return <OrderScreen key={id} id={id} />;
  if (kind === 'flights') return <Flights />;
  if (kind === 'account') return <Account />;
  if (kind === 'sign-in') return <SignIn back={whole.slice('/sign-in'.length) || '/'} />;
  return <Storefront />;
}

/** The page: a header, and one screen at a time. */
export function App() {
  const place = usePlace();
  const session = useSession();
  const { path } = place;
  const shown = useRef(path);
  // Another screen is another page: read from its top, by eye and by ear.
  useEffect(() => {
    if (shown.current === path) return;
    shown.current = path;
    scrollTo(0, 0);
    focusMain();
  }, [path]);
  return (
    <>
      <button type="button" className="skip" onClick={focusMain}>
        To the content
      </button>
      <header>
        <a className="brand" href="#/">
          Weir Shop
        </a>
        <nav aria-label="Main">
          {LINKS.map(([to, label]) => (
            <a key={to} href={`#${to}`} aria-current={path === to ? 'page' : undefined}>
              {label}
            </a>
          ))}
        </nav>
        {session ? (
          <span className="who">
            {session.name}{' '}
            <button type="button" className="plain" onClick={() => writeSession(null)}>
              Sign out
            </button>
          </span>
        ) : (
          <a className="who" href={`#/sign-in${path.startsWith('/sign-in') ? '' : place.whole}`}>
            Sign in
          </a>
        )}
      </header>
      <main id="main" tabIndex={-1}>
        <ScreenAt place={place} />
      </main>
    </>
  );
}

/** A button and no link, since the `#` says which screen is shown. */
function focusMain(): void {
  document.getElementById('main')?.focus();
}
