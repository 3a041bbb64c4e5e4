/** From which figures a check speaks, and how long it must be bad before it alerts, in seconds. */
export interface OwnLimits {
  limits: { warning: number | null; critical: number | null } | null;
  direction: "rising" | "falling" | null;
  for: number;
}

export interface SetLimits {
  warning: number | null;
  critical: number | null;
  /** Null or absent: as the check has it, or as it is. */
  for?: number | null | undefined;
}

/** Whether what somebody sets lets a check speak of less, or later, than its own limits do. */
export function liesBeyond(own: OwnLimits, set: SetLimits): boolean {
  if ((set.for ?? 0) > own.for) return true;
  return (["warning", "critical"] as const).some((name) => {
    const [limit, mine] = [set[name], own.limits?.[name] ?? null];
    if (mine === null) return false;
    if (limit === null) return true;
    return own.direction === "falling" ? limit < mine : limit > mine;
  });
}
