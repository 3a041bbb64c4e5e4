import { StateBadge } from "@/components/ui/state-badge.tsx";
import type { UserSummary } from "@/lib/accounts/get-users.ts";

/** In a word, for sorting and the CSV. */
export function userState(user: UserSummary): string {
  if (user.disabledAt) return "disabled";
  return user.mustChangePassword ? "one-time password" : "active";
}

export function UserState({ user }: { user: UserSummary }) {
  if (user.disabledAt) return <StateBadge state="unknown">disabled</StateBadge>;
  if (user.mustChangePassword) return <StateBadge state="notice">one-time password</StateBadge>;
  return <StateBadge state="ok">active</StateBadge>;
}
