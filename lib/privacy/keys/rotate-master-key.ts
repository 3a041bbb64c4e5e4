import { z } from "zod";
import { openMasterKeys } from "../../key-store/open-master-keys.ts";
import { defineAdminAction } from "../../verbs/admin-action.ts";
import { masterKeyAdded, rotateMasterKeyJob } from "./rotate-master-key-job.ts";

/**
 * Makes a new master key the active one now, out of its turn, and wraps every key under it. Old ones are destroyed when
 * their day has come.
 */
export const rotateMasterKey = defineAdminAction({
  name: "master_key.rotate",
  role: "admin",
  notOffered: {
    browser: "It is done beside the master key file, which must be backed up right after.",
    api: "It is done beside the master key file, which must be backed up right after.",
  },
  input: z.strictObject({}),
  answer: z.strictObject({}),
  confirm: () => "rotate the master key",
  effect: masterKeyAdded,
  async run({ enqueue }) {
    // What has no key file is refused at once, and not by the job.
    await openMasterKeys().activeId();
    return { data: {}, jobId: await enqueue(rotateMasterKeyJob, {}) };
  },
});
