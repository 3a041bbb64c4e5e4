import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Bytes that this process holds on to once everything unreachable is collected: on V8's heap, and outside of it. */
export function memoryInUse(): { heap: number; external: number } {
  for (let i = 0; i < 2; i++) collect();
  const { heapUsed, external } = process.memoryUsage();
  return { heap: heapUsed, external };
}
