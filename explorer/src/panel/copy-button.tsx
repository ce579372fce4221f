import { useEffect, useState } from 'react';
import { CopyIcon } from './icons.tsx';

interface CopyButtonProps {
  readonly label: string;
  readonly title: string;
  /** Gives what to copy, when it is wanted. */
  readonly text: () => string;
}

/** Copies a text and says so for a moment. */
export function CopyButton({ label, title, text }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<'copied' | 'failed' | null>(null);

  useEffect(() => {
    if (outcome === null) return;
    const timer = setTimeout(() => setOutcome(null), 1800);
    return () => clearTimeout(timer);
  }, [outcome]);

  async function copy() {
    // Browsers give no clipboard to pages from other hosts than this one without TLS.
    const copied = await navigator.clipboard?.writeText(text()).then(
      () => true,
      () => false,
    );
    setOutcome(copied ? 'copied' : 'failed');
  }

  return (
    <button type="button" className="wf-button" title={title} onClick={copy}>
      <CopyIcon />
      <span aria-live="polite">
        {outcome === 'copied' ? 'Copied' : outcome === 'failed' ? 'Not allowed' : label}
      </span>
    </button>
  );
}
