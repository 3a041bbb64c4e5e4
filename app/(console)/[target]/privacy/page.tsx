import type { Metadata } from "next";
import { Prefetch } from "@/app/(console)/prefetch";
import { PrivacyView } from "@/components/privacy/privacy-view";

export const metadata: Metadata = { title: "Privacy" };

interface PrivacyPageProps {
  params: Promise<{ target: string }>;
}

export default async function PrivacyPage({ params }: PrivacyPageProps) {
  const { target } = await params;
  return (
    <Prefetch target={target} reads={[["holdCounts", {}]]}>
      <PrivacyView />
    </Prefetch>
  );
}
