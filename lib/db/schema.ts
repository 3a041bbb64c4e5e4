import * as activity from "../../drizzle/console/schema/activity.ts";
import * as alerts from "../../drizzle/console/schema/alerts.ts";
import * as channels from "../../drizzle/console/schema/channels.ts";
import * as checks from "../../drizzle/console/schema/checks.ts";
import * as effects from "../../drizzle/console/schema/effects.ts";
import * as identity from "../../drizzle/console/schema/identity.ts";
import * as jobs from "../../drizzle/console/schema/jobs.ts";
import * as privacy from "../../drizzle/console/schema/privacy.ts";
import * as requestIntake from "../../drizzle/console/schema/request-intake.ts";
import * as requestPackages from "../../drizzle/console/schema/request-packages.ts";
import * as requestWork from "../../drizzle/console/schema/request-work.ts";
import * as requests from "../../drizzle/console/schema/requests.ts";
import * as silences from "../../drizzle/console/schema/silences.ts";
import * as upkeep from "../../drizzle/console/schema/upkeep.ts";

/** Every table of the console that drizzle knows. History is raw SQL and not among them. */
export const schema = {
  ...identity,
  ...activity,
  ...jobs,
  ...effects,
  ...checks,
  ...alerts,
  ...channels,
  ...silences,
  ...upkeep,
  ...privacy,
  ...requests,
  ...requestWork,
  ...requestPackages,
  ...requestIntake,
};
