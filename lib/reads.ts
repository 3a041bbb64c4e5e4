import { accountsReads } from "./accounts/reads.ts";
import { activityReads } from "./activity/reads.ts";
import { alertsReads } from "./alerts/reads.ts";
import { answersReads } from "./answers/reads.ts";
import { apiReads } from "./api/reads.ts";
import { approvalsReads } from "./approvals/reads.ts";
import { buffersReads } from "./buffers/reads.ts";
import { cachesReads } from "./caches/reads.ts";
import { capabilitiesReads } from "./capabilities/reads.ts";
import { channelsReads } from "./channels/reads.ts";
import { checkBoardReads } from "./check-board/reads.ts";
import { checks } from "./checks.ts";
import { connectionsReads } from "./connections/reads.ts";
import { eventsReads } from "./events/reads.ts";
import { jobs } from "./job-handlers.ts";
import { maintenanceReads } from "./maintenance/reads.ts";
import { overviewReads } from "./overview/reads.ts";
import { partitionsReads } from "./partitions/reads.ts";
import { privacyReads } from "./privacy/reads.ts";
import { queriesReads } from "./queries/reads.ts";
import { replicationReads } from "./replication/reads.ts";
import { requestsReads } from "./requests/reads.ts";
import { silencesReads } from "./silences/reads.ts";
import { storageReads } from "./storage/reads.ts";
import { targetsReads } from "./targets/reads.ts";
import { upkeepReads } from "./upkeep/reads.ts";
import { workReads } from "./work/reads.ts";

/** Every question the console answers, by name. Pages, API and command line ask through `runRead`. */
export const reads = {
  ...accountsReads,
  ...activityReads,
  ...alertsReads(checks),
  ...targetsReads,
  ...apiReads,
  ...answersReads,
  ...approvalsReads,
  ...buffersReads,
  ...cachesReads,
  ...capabilitiesReads,
  ...channelsReads,
  ...checkBoardReads,
  ...connectionsReads,
  ...eventsReads,
  ...maintenanceReads,
  ...overviewReads,
  ...partitionsReads,
  ...privacyReads,
  ...queriesReads,
  ...replicationReads,
  ...requestsReads,
  ...silencesReads(checks),
  ...storageReads,
  ...upkeepReads,
  ...workReads(jobs),
};
