import type { Queryable } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";
import { type Controller, controller, everyOrganization, unnamedController } from "../controller.ts";

/** Who answers for an organisation's data, as it is set. */
export interface ControllerRow {
  /** `*`: whoever has none of their own. */
  organization: string;
  /** 0: nobody has set it. */
  version: number;
  controller: Controller;
  changedAt: string | null;
  changedBy: string | null;
}

/** Every controller that is set, and what stands in for all others. */
export async function getControllers(db: Queryable): Promise<ControllerRow[]> {
  const { privacyController } = schema;
  const rows = await db.select().from(privacyController).orderBy(privacyController.organization);
  const set = rows.map(({ organization, version, facts, changedAt, changedByName }) => ({
    ...{ organization, version, controller: controller.parse(facts) },
    changedAt: changedAt.toISOString(),
    changedBy: changedByName,
  }));
  if (set.some(({ organization }) => organization === everyOrganization)) return set;
  const unset = { organization: everyOrganization, version: 0, changedAt: null, changedBy: null };
  return [{ ...unset, controller: unnamedController }, ...set];
}
