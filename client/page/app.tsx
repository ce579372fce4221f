import { usePlace, useSession } from './hooks.ts';
import { Account } from './screens/account.tsx';
import { Flights } from './screens/flights.tsx';
import { ProductScreen } from './screens/product.tsx';
import { SignIn } from './screens/sign-in.tsx';
import { Storefront } from './screens/storefront.tsx';

const LINKS: readonly (readonly [string, string])[] = [
  ['/', 'Shop'],
  ['/flights', 'Flights'],
  ['/account', 'Account'],
];

/** The screen of a place. */
function ScreenAt({ place }: { readonly place: string }) {
  if (place.startsWith('/products/')) {
    const id = place.slice('/products/'.length);
    return <ProductScreen key={id} id={id} />;
  }
  if (place === '/flights') return <Flights />;
  if (place === '/account') return <Account />;
  if (place.startsWith('/sign-in')) return <SignIn back={place.slice('/sign-in'.length) || '/'} />;
  return <Storefront />;
}

/** The page: a header, and one screen at a time. */
export function App() {
  const place = usePlace();
  const session = useSession();
  return (
    <>
      <button type="button" className="skip" onClick={focusMain}>
        To the content
      </button>
      <header>
        <nav aria-label="Main">
          {LINKS.map(([to, label]) => (
            <a key={to} href={`#${to}`} aria-current={place === to ? 'page' : undefined}>
              {label}
            </a>
          ))}
        </nav>
        {session ? <span className="who">{session.name}</span> : <a href={`#/sign-in${place}`}>Sign in</a>}
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
