/** A record that is not there yet. */
import type { JsonObject } from "../../api/json.ts";
import { useApi } from "../../data/api-context.ts";
import { useAct } from "../../data/use-act.ts";
import { Card, PageHeader } from "../../parts/layout.tsx";
import { Loaded } from "../../parts/states.tsx";
import type { PathParams } from "../../routing/match-path.ts";
import { navigate, useQueryState } from "../../routing/navigation.ts";
import { queryCodec } from "../../routing/query-state.ts";
import { RecordEditor } from "./record-editor.tsx";
import { useFields, useOrg } from "./use-module.ts";

const codec = queryCodec({ org: "" });

export function NewRecordPage({ params }: { readonly params: PathParams }) {
  const { crmOf } = useApi();
  const { state } = useQueryState(codec);
  const known = useOrg(state.org);
  const org = known ?? "";
  const module = params["module"] ?? "";
  const fields = useFields(known, module);
  const create = useAct<JsonObject, string>({
    run: (values) => crmOf(org).create(module, values),
    done: () => "Created. Whoever watches the module is notified.",
    areas: ["records", "deliveries", "changes"],
    andThen: (id) => navigate(`/records/${encodeURIComponent(module)}/${id}${codec.write("", state)}`),
  });
  return (
    <>
      <PageHeader title={`New record of ${module}`} parent={{ to: `/records?module=${encodeURIComponent(module)}`, label: module }} />
      <Card title="Fields">
        <Loaded query={fields} what="the module's fields">
          {(known) => (
            <RecordEditor org={org} fields={known} record={null} isBusy={create.isPending} error={create.error} onSave={create.mutate} />
          )}
        </Loaded>
      </Card>
    </>
  );
}
