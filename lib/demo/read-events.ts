import type { AuditDb } from "../audit-db/types.ts";
import { organizations } from "./population.ts";
import type { Written } from "./write-events.ts";

const dayMs = 86_400_000;

/** What an application asks its audit log all day; bounds are values, so that planning stays short. */
export function createReader(audit: Pick<AuditDb, "use" | "vault" | "target">, recent: readonly Written[]) {
  const since = (days: number) => new Date(Date.now() - days * dayMs);
  const anyRecent = () => recent[Math.floor(Math.random() * recent.length)];

  /** One event by its key, as a link to it would. */
  async function byKey(): Promise<void> {
    const one = anyRecent();
    if (!one) return;
    await audit.use(
      "read",
      "demo.by_key",
      (sql) => sql`
        select * from public.audit_log
        where retention_policy = ${one.event.retentionPolicy ?? "standard"}
          and occurred_at = ${one.occurredAt} and id = ${one.id}`,
    );
  }

  /** The newest events of an organisation. */
  async function byOrganization(): Promise<void> {
    const organization = organizations[Math.floor(Math.random() ** 2 * organizations.length)];
    await audit.use(
      "read",
      "demo.by_organization",
      (sql) => sql`
        select id, occurred_at, action, status, actor_token from public.audit_log
        where organization_id = ${organization?.id ?? ""} and occurred_at >= ${since(2)}
        order by occurred_at desc limit 50`,
    );
  }

  /** What one person did lately. */
  async function byActor(): Promise<void> {
    const id = anyRecent()?.event.actor?.id;
    const [tokens = []] = (id && (await audit.vault?.tokensOf([id], audit.target))) || [];
    if (tokens.length === 0) return;
    await audit.use(
      "read",
      "demo.by_actor",
      (sql) => sql`
        select occurred_at, action, status, target_type, target_id from public.audit_log
        where actor_token in ${sql(tokens)} and occurred_at >= ${since(30)}
        order by occurred_at desc limit 100`,
    );
  }

  /** Everything that belongs to one request. */
  async function byCorrelation(): Promise<void> {
    const correlation = anyRecent()?.event.correlationId;
    if (!correlation) return;
    await audit.use(
      "read",
      "demo.by_correlation",
      (sql) => sql`
        select * from public.audit_log
        where correlation_id = ${correlation} and occurred_at >= ${since(1)} order by occurred_at`,
    );
  }

  return {
    async step(): Promise<number> {
      const dice = Math.random();
      if (dice < 0.55) await byKey();
      else if (dice < 0.8) await byOrganization();
      else if (dice < 0.93) await byActor();
      else await byCorrelation();
      // As writing has its wave, so has reading, on another beat.
      return 120 + 260 * (1 + Math.sin(Date.now() / 47_000));
    },
  };
}
