import { useExplorer, useSession } from '../explorer-context.ts';

/** Whether requests ask for the waterfall. */
export function TraceSwitch() {
  const { session } = useExplorer();
  const { trace } = useSession();
  return (
    <button
      type="button"
      role="switch"
      className="weir-switch"
      aria-checked={trace}
      title="Ask the gateway for the waterfall of each operation (x-weir-trace: 1)"
      onClick={() => session.setTrace(!trace)}
    >
      <span className="weir-switch-track" aria-hidden="true" />
      Trace
    </button>
  );
}
