import { answersChecks } from "./answers/checks.ts";
import { buffersChecks } from "./buffers/checks.ts";
import { channelsChecks } from "./channels/checks.ts";
import type { Check } from "./check.ts";
import { connectionsChecks } from "./connections/checks.ts";
import { eventsChecks } from "./events/checks.ts";
import { maintenanceChecks } from "./maintenance/checks.ts";
import { partitionsChecks } from "./partitions/checks.ts";
import { privacyChecks } from "./privacy/checks.ts";
import { queriesChecks } from "./queries/checks.ts";
import { replicationChecks } from "./replication/checks.ts";
import { requestsChecks } from "./requests/checks.ts";
import { storageChecks } from "./storage/checks.ts";
import { targetsChecks } from "./targets/checks.ts";
import { upkeepChecks } from "./upkeep/checks.ts";
import { workChecks } from "./work/checks.ts";
import { workloadChecks } from "./workload/checks.ts";

/** Every condition the console judges of a target, in the order in which lists show them. */
export const checks: readonly Check[] = [
  ...targetsChecks,
  ...connectionsChecks,
  ...workloadChecks,
  ...buffersChecks,
  ...answersChecks,
  ...queriesChecks,
  ...partitionsChecks,
  ...upkeepChecks,
  ...replicationChecks,
  ...eventsChecks,
  ...privacyChecks,
  ...requestsChecks,
  ...maintenanceChecks,
  ...storageChecks,
  ...workChecks,
  ...channelsChecks,
];
