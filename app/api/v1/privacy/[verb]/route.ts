import { privacyWith } from "@/app/api/v1/privacy";

export const dynamic = "force-dynamic";
export const POST = privacyWith();
