import { setImmediate as nextTurn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const everyBytes = 4 * 1024 * 1024;
const turnsPerPiece = 3;

type Collect = (options: { type: "minor" }) => void;
let collect: Collect | undefined;

/**
 * Passes pieces on so that the process serves others meanwhile, in the memory it had.
 *
 * Others have turns of the event loop after each piece: one would follow the other as long as the server sends, and a
 * request of ten turns beside an export took 40 to 200 ms; with one turn 15, with two 8, with three 6. The export's
 * own rate falls by less than can be measured here.
 *
 * What earlier pieces left behind is collected as they go. Buffers lie outside of V8's heap, where it notices them only
 * after 64 MB, and then collects everything it has: for a million events 56 full collections, a quarter to a third of the
 * process's time, and 100 MB more resident. Collecting the young alone takes about a millisecond.
 */
export async function* pace(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  collect ??= youngCollector();
  let bytes = 0;
  for await (const piece of source) {
    bytes += piece.length;
    yield piece;
    for (let turn = 0; turn < turnsPerPiece; turn++) await nextTurn();
    if (bytes < everyBytes) continue;
    bytes = 0;
    collect({ type: "minor" });
  }
}

/** V8 gives its collector to contexts that are made while the flag is set. */
function youngCollector(): Collect {
  setFlagsFromString("--expose-gc");
  const found: unknown = runInNewContext("globalThis.gc");
  setFlagsFromString("--no-expose-gc");
  return typeof found === "function" ? (found as Collect) : () => {};
}
