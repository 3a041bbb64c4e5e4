import { env } from "../env.ts";
import { AppError } from "../errors.ts";
import type { Actor } from "./actor.ts";

/**
 * The configured targets that an actor may see, or the one asked for; null asks for all.
 * @throws AppError NOT_FOUND, FORBIDDEN
 */
export function visibleTargets(actor: Pick<Actor, "targets">, asked: string | null): string[] {
  const names = env().targets.map(({ name }) => name);
  if (asked === null) return names.filter((name) => !actor.targets || actor.targets.includes(name));
  if (actor.targets && !actor.targets.includes(asked))
    throw new AppError("FORBIDDEN", `This token may not read the target "${asked}".`);
  if (!names.includes(asked)) throw new AppError("NOT_FOUND", `There is no target named "${asked}".`);
  return [asked];
}
