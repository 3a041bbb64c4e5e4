import { alertsEndpoints } from "./endpoints/alerts.ts";
import { approvalsEndpoints } from "./endpoints/approvals.ts";
import { cachesEndpoints } from "./endpoints/caches.ts";
import { channelsEndpoints } from "./endpoints/channels.ts";
import { checksEndpoints } from "./endpoints/checks.ts";
import { connectionsEndpoints } from "./endpoints/connections.ts";
import { erasuresEndpoints } from "./endpoints/erasures.ts";
import { eventsEndpoints } from "./endpoints/events.ts";
import { holdsEndpoints } from "./endpoints/holds.ts";
import { jobsEndpoints } from "./endpoints/jobs.ts";
import { ledgerEndpoints } from "./endpoints/ledger.ts";
import { maintenanceEndpoints } from "./endpoints/maintenance.ts";
import { partitionsEndpoints } from "./endpoints/partitions.ts";
import { queriesEndpoints } from "./endpoints/queries.ts";
import { requestCertificatesEndpoints } from "./endpoints/request-certificates.ts";
import { requestsEndpoints } from "./endpoints/requests.ts";
import { silencesEndpoints } from "./endpoints/silences.ts";
import { targetsEndpoints } from "./endpoints/targets.ts";

/** Every resource of the API by its operation's name. */
export const endpoints = {
  ...targetsEndpoints,
  ...approvalsEndpoints,
  ...alertsEndpoints,
  ...channelsEndpoints,
  ...silencesEndpoints,
  ...checksEndpoints,
  ...connectionsEndpoints,
  ...cachesEndpoints,
  ...partitionsEndpoints,
  ...queriesEndpoints,
  ...eventsEndpoints,
  ...maintenanceEndpoints,
  ...holdsEndpoints,
  ...jobsEndpoints,
  ...erasuresEndpoints,
  ...ledgerEndpoints,
  ...requestCertificatesEndpoints,
  ...requestsEndpoints,
};
