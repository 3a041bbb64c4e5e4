import type { ProtectedPerson, Vault } from "../vault/types.ts";
import type { AppendRow } from "./append-rows.ts";

/** What of a row names its people's keys. */
type KeyedRow = Pick<AppendRow, "actorToken" | "targetToken" | "targetId" | "people" | "former">;

/**
 * Each row as it would be under every living key of its people, for those that may be a repeat of what stands under an
 * older one, or under that of an unknown policy. One question to the key store for all of them; none for rows without
 * people.
 */
export async function rowsUnderOtherKeys<Row extends KeyedRow>(
  rows: readonly Row[],
  vault: Vault | undefined,
): Promise<Row[][]> {
  const people = rows.flatMap(({ people }) =>
    [people?.actor, people?.target].filter((one) => one !== undefined),
  );
  if (!vault || people.length === 0) return rows.map(() => []);
  const sealed = await vault.protectUnderAll(people);
  let next = 0;
  return rows.map((row) => {
    const actors = row.people?.actor ? sealed[next++] : [undefined];
    const targets = row.people?.target ? sealed[next++] : [undefined];
    return (actors ?? []).flatMap((actor) => (targets ?? []).map((target) => rekey(row, actor, target)));
  });
}

/** Other tokens and digests, also where a token stands for an id in target_id. */
function rekey<Row extends KeyedRow>(
  row: Row,
  actor: ProtectedPerson | undefined,
  target: ProtectedPerson | undefined,
): Row {
  const renamed = (token: string | null) => {
    if (token !== null && target && token === row.targetToken) return target.token;
    return token !== null && actor && token === row.actorToken ? actor.token : token;
  };
  return {
    ...row,
    ...(actor && { actorToken: actor.token, actorDigest: actor.digest, actorPersonal: actor.personal }),
    ...(target && { targetDigest: target.digest, targetPersonal: target.personal }),
    targetToken: renamed(row.targetToken),
    targetId: renamed(row.targetId),
    ...(row.former && {
      former: { targetId: row.former.targetId, targetToken: renamed(row.former.targetToken) },
    }),
  };
}
