import { parseAddress } from "../../address/parse-address.ts";
import type { Address } from "../../address/types.ts";
import { inheritedEnv } from "../../env.ts";

/**
 * An address as this process understands it: with its services, its environment and its defaults.
 * @throws AppError BAD_INPUT for a URL that is no address
 */
export function understand(to: string | Address): Address {
  return typeof to === "string" ? parseAddress(to, inheritedEnv()) : to;
}
