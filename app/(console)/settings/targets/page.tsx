import type { Metadata } from "next";
import { Prefetch } from "@/app/(console)/prefetch";
import { TargetsView } from "@/components/settings/targets-view";
import { env } from "@/lib/env";

export const metadata: Metadata = { title: "Targets · Settings" };

interface TargetsPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function TargetsPage({ searchParams }: TargetsPageProps) {
  const { of } = await searchParams;
  const { targets } = env();
  const shown = targets.find(({ name }) => name === of) ?? targets[0];
  return (
    <Prefetch
      target={shown?.name ?? ""}
      reads={[
        ["capabilities", {}],
        ["targetStatus", {}],
      ]}
    >
      <TargetsView />
    </Prefetch>
  );
}
