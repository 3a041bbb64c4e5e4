import type { Check } from "../check.ts";
import { createGuardedSilenceVerb, createSilenceVerb } from "./create-silence.ts";
import { endSilence } from "./end-silence.ts";
import { setMaintenanceWindowVerb } from "./set-maintenance-window.ts";
import { enableMaintenanceWindow, removeMaintenanceWindow } from "./switch-maintenance-window.ts";

/** @param checks every check of the console */
export const createSilencesVerbs = (checks: readonly Check[]) => ({
  createSilence: createSilenceVerb(checks),
  createGuardedSilence: createGuardedSilenceVerb(checks),
  endSilence,
  setMaintenanceWindow: setMaintenanceWindowVerb(checks),
  enableMaintenanceWindow,
  removeMaintenanceWindow,
});
