import type { EngineConfig } from "../types.ts";
import { understandAddresses } from "../understand-addresses.ts";
import { listNodeAddresses } from "./node-addresses.ts";

/** How many servers a target is watched on; one where its address cannot be read any more, which its reads tell. */
export function countServers(urls: EngineConfig["urls"]): number {
  try {
    return listNodeAddresses(understandAddresses(urls)).length;
  } catch {
    return 1;
  }
}
