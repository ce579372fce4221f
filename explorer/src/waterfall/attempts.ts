import { isFailed, type WaterfallCall } from './waterfall.ts';

/** The failed calls that no later attempt made good. */
export function lostCalls(calls: readonly WaterfallCall[]): readonly WaterfallCall[] {
  return calls.filter((call) => isFailed(call) && !calls.some((later) => isNextAttempt(call, later)));
}

/** Whether a call is the next attempt at another: the same endpoint, for the same keys and fields. */
function isNextAttempt(call: WaterfallCall, later: WaterfallCall): boolean {
  return (
    later.attempt === call.attempt + 1 &&
    later.backend === call.backend &&
    later.route === call.route &&
    later.keys.join() === call.keys.join() &&
    later.paths.join() === call.paths.join()
  );
}
