import type { Address } from "../address/types.ts";
import { understand } from "./pool/understand.ts";
import type { PurposeAddresses } from "./replicas/node-addresses.ts";
import type { EngineConfig } from "./types.ts";

/**
 * The addresses of a target; two purposes with one URL have one address, and find their way together.
 * @throws AppError BAD_INPUT for a URL that is no address
 */
export function understandAddresses({ replicas = [], ...urls }: EngineConfig["urls"]): PurposeAddresses {
  const known = new Map<string, Address>();
  const once = (url: string) => {
    const address = known.get(url) ?? understand(url);
    known.set(url, address);
    return address;
  };
  const purposes = Object.entries(urls).filter(([, url]) => url !== undefined);
  return {
    ...(Object.fromEntries(purposes.map(([purpose, url]) => [purpose, once(url)])) as { watch: Address }),
    replicas: replicas.map(once),
  };
}
