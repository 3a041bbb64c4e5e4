import type { Check } from "../check.ts";
import { grantDrift } from "./check-grants.ts";
import { guardTrigger } from "./check-guard-triggers.ts";
import { hashRemainderMissing } from "./check-hash-remainders.ts";

/** What partitions need besides room for new rows: a place for every hash, guards that stand, rights as promised. */
export const guardChecks: readonly Check[] = [hashRemainderMissing, guardTrigger, grantDrift];
