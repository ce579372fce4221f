/** Icons of the panel, drawn on a grid of 20 in the colour of the text around them. */

/** Bars that step down like water over a weir. */
export function WaterfallIcon() {
  return (
    <svg
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.2"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <path d="M3 4.5h6.5" />
      <path d="M7 10h6.5" />
      <path d="M12 15.5h5" />
    </svg>
  );
}

export function CopyIcon() {
  return (
    <svg
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <rect x="7" y="7" width="9.5" height="9.5" rx="2" />
      <path
        d="M13 4.5A1.5 1.5 0 0 0 11.5 3.500H5A1.5 1.5 0 0 0 3.5 5v6.500A1.5 1.5 0 0 0 4.5 13"
        strokeLinecap="round"
      />
    </svg>
  );
}

export function DockBottomIcon() {
  return (
    <svg viewBox="0 0 20 20" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <rect x="2.75" y="3.75" width="14.5" height="12.5" rx="2" />
      <path d="M3 11h14" />
      <path d="M4 12h12v3H4z" fill="currentColor" stroke="none" opacity=".45" />
    </svg>
  );
}

export function DockSideIcon() {
  return (
    <svg viewBox="0 0 20 20" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <rect x="2.75" y="3.75" width="14.5" height="12.5" rx="2" />
      <path d="M8.5 4v12" />
      <path d="M4 5h3.500v10H4z" fill="currentColor" stroke="none" opacity=".45" />
    </svg>
  );
}

export function CloseIcon() {
  return (
    <svg
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <path d="m5.5 5.5 9 9m0-9-9 9" />
    </svg>
  );
}

export function HintIcon() {
  return (
    <svg
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d="M7.5 13.500c0-1.5-2.25-2.5-2.25-5.250a4.75 4.75 0 0 1 9.5 0c0 2.75-2.25 3.75-2.25 5.250z" />
      <path d="M8.25 16.500h3.5" />
    </svg>
  );
}
