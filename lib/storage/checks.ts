import type { Check } from "../check.ts";
import { diskFull, diskUsed } from "./check-disk.ts";

export const storageChecks: readonly Check[] = [diskUsed, diskFull];
