import type { Metadata } from "next";
import { Prefetch } from "@/app/(console)/prefetch";
import { requirePageActor } from "@/app/session";
import { everybodysReads, officersReads } from "@/components/privacy/privacy-input";
import { PrivacyView } from "@/components/privacy/privacy-view";
import { can } from "@/lib/auth/roles";

export const metadata: Metadata = { title: "Privacy" };

interface PrivacyPageProps {
  params: Promise<{ target: string }>;
}

export default async function PrivacyPage({ params }: PrivacyPageProps) {
  const [{ target }, actor] = await Promise.all([params, requirePageActor()]);
  const reads = can(actor.role, "privacy_officer") ? officersReads : everybodysReads;
  return (
    <Prefetch target={target} reads={reads.target}>
      <Prefetch target="" reads={reads.console}>
        <PrivacyView />
      </Prefetch>
    </Prefetch>
  );
}
