/** One record: changed, deleted, and what came of it. */
import { useQuery } from "@tanstack/react-query";
import type { CrmRecord } from "../../api/crm.ts";
import { listDeliveries } from "../../api/deliveries.ts";
import type { JsonObject } from "../../api/json.ts";
import { useApi } from "../../data/api-context.ts";
import { keys } from "../../data/keys.ts";
import { showToast } from "../../data/toasts.ts";
import { useAct } from "../../data/use-act.ts";
import { ConfirmButton } from "../../parts/confirm.tsx";
import { CopyButton } from "../../parts/copy-button.tsx";
import { DeliveryTable } from "../../parts/delivery-table.tsx";
import { KeptFor } from "../../parts/kept-for.tsx";
import { Card, PageHeader, Row, Stack } from "../../parts/layout.tsx";
import { Empty, Loaded } from "../../parts/states.tsx";
import { Link } from "../../routing/link.tsx";
import type { PathParams } from "../../routing/match-path.ts";
import { navigate, useQueryState } from "../../routing/navigation.ts";
import { queryCodec } from "../../routing/query-state.ts";
import { RecordEditor } from "./record-editor.tsx";
import { useFields, useOrg } from "./use-module.ts";

const codec = queryCodec({ org: "" });
const deliveriesShown = 5;

type RecordPlace = { readonly org: string; readonly module: string; readonly id: string };

export function RecordPage({ params }: { readonly params: PathParams }) {
  const { crmOf } = useApi();
  const known = useOrg(useQueryState(codec).state.org);
  const org = known ?? "";
  const module = params["module"] ?? "";
  const id = params["id"] ?? "";
  const record = useQuery({
    queryKey: keys.record(org, module, id),
    queryFn: () => crmOf(org).record(module, id),
    enabled: known !== null,
  });
  const back = `/records?module=${encodeURIComponent(module)}`;
  return (
    <>
      <PageHeader
        title={`${module} ${id}`}
        parent={{ to: back, label: module }}
        actions={
          <>
            <CopyButton isSmall={false} text={id}>
              Copy the id
            </CopyButton>
            <DeleteButton place={{ org, module, id }} back={back} />
          </>
        }
      />
      <Stack>
        <Loaded query={record} what="the record">
          {(found) =>
            found === null ? (
              <Empty title="There is no such record" action={<Link to={`/why-not?record=${id}`}>Its changes</Link>}>
                It was deleted, or never was. Its changes are known for <KeptFor />.
              </Empty>
            ) : (
              // What is typed stays while the record is looked at anew; a saved record makes a new form.
              <Editing key={JSON.stringify(found["Modified_Time"] ?? null)} place={{ org, module, id }} record={found} />
            )
          }
        </Loaded>
        <RecordDeliveries id={id} />
      </Stack>
    </>
  );
}

function Editing({ place, record }: { readonly place: RecordPlace; readonly record: CrmRecord }) {
  const { crmOf } = useApi();
  const { org, module, id } = place;
  const fields = useFields(org, module);
  const save = useAct<JsonObject, string>({
    run: (values) => crmOf(org).update(module, id, values),
    done: () => "Saved. Whoever watches what you changed is notified.",
    areas: ["records", "deliveries", "changes"],
  });
  const saveChanged = (values: JsonObject): void => {
    if (Object.keys(values).length === 0) showToast({ kind: "ok", text: "Nothing was changed, so nothing was sent." });
    else save.mutate(values);
  };
  return (
    <Card title="Fields">
      <Loaded query={fields} what="the module's fields">
        {(known) => (
          <RecordEditor org={org} fields={known} record={record} isBusy={save.isPending} error={save.error} onSave={saveChanged} />
        )}
      </Loaded>
    </Card>
  );
}

function DeleteButton({ place, back }: { readonly place: RecordPlace; readonly back: string }) {
  const { crmOf } = useApi();
  const remove = useAct({
    run: () => crmOf(place.org).remove(place.module, place.id),
    done: () => "Deleted.",
    areas: ["deliveries", "changes"],
    andThen: () => navigate(back),
  });
  return (
    <ConfirmButton
      label="Delete"
      title="Delete this record?"
      action="Delete it"
      isDangerous
      isBusy={remove.isPending}
      onConfirm={() => remove.mutate(undefined)}
    >
      The record goes to the list of deleted ones and cannot be brought back from here. Whoever watches deletes of {place.module} is
      notified.
    </ConfirmButton>
  );
}

function RecordDeliveries({ id }: { readonly id: string }) {
  const { client } = useApi();
  const filter = { record: id, limit: deliveriesShown };
  const query = useQuery({ queryKey: keys.deliveries(filter), queryFn: () => listDeliveries(client, filter) });
  return (
    <Card title="Who was told of it">
      <Loaded query={query} what="its deliveries">
        {({ rows, nextCursor }) => (
          <>
            {rows.length === 0 ? (
              <p className="wp-faint">
                {nextCursor === null ? "Nobody yet." : "Nobody lately: none of the newest deliveries is about it."}
              </p>
            ) : (
              <DeliveryTable deliveries={rows} />
            )}
            <Row>
              <Link to={`/deliveries?record=${id}`}>All its deliveries</Link>
              <Link to={`/why-not?record=${id}`}>Its changes, and why somebody was not told</Link>
            </Row>
          </>
        )}
      </Loaded>
    </Card>
  );
}
