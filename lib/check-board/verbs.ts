import { importThresholds } from "./import-thresholds.ts";
import { resetThreshold } from "./reset-threshold.ts";
import { setGuardedThresholds } from "./set-guarded-thresholds.ts";
import { setThreshold } from "./set-threshold.ts";

export const checkBoardVerbs = { setThreshold, resetThreshold, importThresholds, setGuardedThresholds };
