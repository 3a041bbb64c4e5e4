import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { requirePageActor } from "@/app/session";
import { Shell } from "@/components/shell/shell";
import { countServers } from "@/lib/audit-db/replicas/count-servers";
import { roleNames } from "@/lib/auth/roles";
import { env } from "@/lib/env";
import { Prefetch } from "./prefetch";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const actor = await requirePageActor();
  const { OIDC_ISSUER, OIDC_NAME, targets } = env();
  const rail = (await cookies()).get("audit-db.rail")?.value;
  return (
    <Prefetch
      target=""
      reads={[
        ["consoleStatus", {}],
        ["openIncidents", {}],
      ]}
    >
      <Shell
        facts={{
          person: {
            id: actor.person?.id ?? null,
            name: actor.name,
            email: actor.email,
            role: actor.role,
            roleName: roleNames[actor.role],
          },
          provider: OIDC_ISSUER ? OIDC_NAME : null,
          targets: targets
            .filter((target) => actor.targets === null || actor.targets.includes(target.name))
            .map(({ name, demo, watchUrl, replicaUrls }) => ({
              name,
              demo,
              servers: countServers({ watch: watchUrl, replicas: replicaUrls }),
            })),
        }}
        railCollapsed={rail === "narrow"}
      >
        {children}
      </Shell>
    </Prefetch>
  );
}
