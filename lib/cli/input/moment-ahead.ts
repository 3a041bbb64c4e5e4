import { AppError } from "../../errors.ts";

export const momentHelp = "a time with a zone, or a duration such as 30m, 4h or 2d";

const seconds = { m: 60, h: 3_600, d: 86_400 } as const;

/** A moment from now on, as typed. @throws AppError BAD_INPUT */
export function momentAhead(text: string, option: string, now = Date.now()): string {
  const [, count, unit] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  const at = count
    ? new Date(now + Number(count) * seconds[unit as keyof typeof seconds] * 1_000)
    : new Date(/(Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : "");
  if (!Number.isNaN(at.getTime()) && at.getTime() > now) return at.toISOString();
  throw new AppError("BAD_INPUT", `${option} must be ${momentHelp}, and lie ahead.`);
}
