import type { AuditDb } from "../../audit-db/types.ts";

/** What of a server may still hold values that were taken out of its tables. */
export interface ResidueFacts {
  /** Its write position once they were. */
  lsn: string;
  /** When that was, ISO 8601. */
  at: string;
  archived: boolean;
  slots: { name: string; behindBytes: number | null }[];
  publications: string[];
  standbys: number;
}

/** Asks the primary, with what a watching role may see. */
export function readResidue(audit: Pick<AuditDb, "use">, now: Date): Promise<ResidueFacts> {
  return audit.use("watch", "privacy.residue", async (sql) => {
    const [facts] = await sql<Omit<ResidueFacts, "at">[]>`
      select pg_current_wal_lsn()::text as lsn, current_setting('archive_mode') <> 'off' as archived,
             (select coalesce(jsonb_agg(jsonb_build_object('name', slot_name, 'behindBytes',
                       pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)) order by slot_name), '[]')
              from pg_replication_slots where database is null or database = current_database()) as slots,
             (select coalesce(jsonb_agg(distinct pubname), '[]') from pg_publication_tables
              where schemaname = 'public' and (tablename like 'audit\\_log%' or tablename = 'audit_quarantine')) as publications,
             (select count(*)::int from pg_stat_replication) as standbys`;
    if (!facts) throw new Error("the server's own facts were not returned");
    return { ...facts, at: now.toISOString() };
  });
}

/** Until when which copies may hold the values, in words; what only its owner knows is said to be theirs. */
export function tellResidue({ lsn, at, archived, slots, publications, standbys }: ResidueFacts): string[] {
  return [
    `The server's write-ahead log holds the values before ${lsn} until checkpoints have recycled it.`,
    archived
      ? `Archived log and base backups of before ${at} hold them until you delete those: after a restore, \`audit-db privacy replay\` takes the values out again.`
      : `Backups of before ${at} hold them until you delete those: after a restore, \`audit-db privacy replay\` takes the values out again.`,
    ...slots.map(
      ({ name, behindBytes }) =>
        `Slot ${name} keeps that log until it has read past ${lsn}${behindBytes === null ? "" : `; it is ${behindBytes} bytes behind`}.`,
    ),
    ...publications.map(
      (name) =>
        `Subscribers of the publication ${name} were sent the values. They are sent the redaction as an update; what they did with the values before is for their owner to find out.`,
    ),
    ...(standbys > 0
      ? [
          `${standbys} ${standbys === 1 ? "standby follows" : "standbys follow"}; one that is behind holds them until it has replayed ${lsn}.`,
        ]
      : []),
  ];
}
