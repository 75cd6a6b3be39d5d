/** The records of a module: the fastest way to make something happen. */
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { CrmField, CrmRecord } from "../../api/crm.ts";
import { useApi } from "../../data/api-context.ts";
import { keys } from "../../data/keys.ts";
import { orgChoices, useOrgs } from "../../data/use-orgs.ts";
import { valueText } from "../../format/record-diff.ts";
import { DataTable } from "../../parts/data-table.tsx";
import { PageHeader, Row, Stack } from "../../parts/layout.tsx";
import { Empty, Loaded, Loading } from "../../parts/states.tsx";
import { Link } from "../../routing/link.tsx";
import { navigate, useQueryState } from "../../routing/navigation.ts";
import { queryCodec } from "../../routing/query-state.ts";
import { listColumns, listFieldNames } from "./list-columns.ts";
import { useFields, useModules, useOrg } from "./use-module.ts";

const codec = queryCodec({ org: "", module: "Deals", word: "", page: "1" });

export function RecordsPage() {
  const { state, set } = useQueryState(codec);
  const org = useOrg(state.org);
  const orgs = orgChoices(useOrgs().data);
  const modules = useModules(org);
  const choices = (modules.data ?? []).map(({ api_name: value, plural_label: label }) => ({ value, label }));
  const place = `/records/${encodeURIComponent(state.module)}/new${state.org === "" ? "" : `?org=${state.org}`}`;
  return (
    <>
      <PageHeader
        title="Records"
        lead="What the org holds. A change here is a change like any other: who watches it is notified."
        actions={
          <Button size="xs" onClick={() => navigate(place)}>
            New record
          </Button>
        }
      />
      <Stack>
        <Row>
          <NativeSelect
            size="xs"
            label="Module"
            value={state.module}
            data={
              choices.some(({ value }) => value === state.module) ? choices : [{ value: state.module, label: state.module }, ...choices]
            }
            onChange={(event) => set({ module: event.currentTarget.value, page: "1", word: "" })}
          />
          <TextInput
            key={`${state.module} ${state.word}`}
            size="xs"
            label="Search"
            placeholder="a word, then Enter"
            defaultValue={state.word}
            onKeyDown={(event) => {
              if (event.key === "Enter") set({ word: event.currentTarget.value.trim(), page: "1" });
            }}
          />
          {orgs.length === 0 ? null : (
            <NativeSelect
              size="xs"
              label="Org"
              value={org ?? ""}
              data={[...orgs]}
              onChange={(event) => set({ org: event.currentTarget.value, page: "1" })}
            />
          )}
        </Row>
        {org === null ? <Loading what="the org" /> : <RecordList key={`${org} ${state.module}`} org={org} state={state} />}
      </Stack>
    </>
  );
}

type ListProps = { readonly org: string; readonly state: Readonly<Record<"org" | "module" | "word" | "page", string>> };

function RecordList({ org, state }: ListProps) {
  const fields = useFields(org, state.module);
  return (
    <Loaded query={fields} what="the module's fields">
      {(known) => <Rows org={org} state={state} fields={known} />}
    </Loaded>
  );
}

function Rows({ org, state, fields }: ListProps & { readonly fields: readonly CrmField[] }) {
  const { crmOf } = useApi();
  const { module, word } = state;
  const page = Math.max(1, Number(state.page) || 1);
  const asked = { fields: listFieldNames(fields), word, page };
  const query = useQuery({
    queryKey: keys.records(org, module, asked),
    queryFn: () => (word === "" ? crmOf(org).list(module, asked) : crmOf(org).search(module, { word, page })),
  });
  const placeAt = (at: number): string => `/records${codec.write("", { ...state, page: String(at) })}`;
  return (
    <Loaded query={query} what="records">
      {({ records, hasMore }) =>
        records.length === 0 ? (
          <Empty
            title={word === "" ? `No record in ${module}` : `No record with “${word}”`}
            action={<Link to={`/records/${encodeURIComponent(module)}/new`}>Make one</Link>}
          >
            {word === ""
              ? "Make one; whoever watches the module is notified."
              : "The search looks for whole words and their beginnings. Try another, or clear the search."}
          </Empty>
        ) : (
          <>
            <RecordTable org={state.org} module={module} fields={fields} records={records} />
            <nav aria-label="Pages">
              <Row isSpread>
                {page === 1 ? <span className="wp-faint">Page 1</span> : <Link to={placeAt(page - 1)}>← Page {page - 1}</Link>}
                {hasMore ? <Link to={placeAt(page + 1)}>Page {page + 1} →</Link> : <span className="wp-faint">That is all.</span>}
              </Row>
            </nav>
          </>
        )
      }
    </Loaded>
  );
}

type TableProps = {
  readonly org: string;
  readonly module: string;
  readonly fields: readonly CrmField[];
  readonly records: readonly CrmRecord[];
};

function RecordTable({ org, module, fields, records }: TableProps) {
  const [first, ...others] = listColumns(fields);
  const placeOf = (record: CrmRecord): string => `/records/${encodeURIComponent(module)}/${record.id}${org === "" ? "" : `?org=${org}`}`;
  return (
    <DataTable
      caption={`Records of ${module}`}
      rows={records}
      keyOf={(record) => record.id}
      columns={[
        {
          name: first?.field_label ?? "Record",
          cell: (record) => <Link to={placeOf(record)}>{first === undefined ? record.id : nameIn(record, first)}</Link>,
        },
        ...others.map((field) => ({ name: field.field_label, cell: (record: CrmRecord) => valueText(record[field.api_name]) })),
        { name: "Id", cell: (record: CrmRecord) => <span className="wp-mono">{record.id}</span> },
      ]}
    />
  );
}

/** A record without a name is still a link. */
function nameIn(record: CrmRecord, field: CrmField): string {
  const value = record[field.api_name];
  return value === null || value === undefined || value === "" ? record.id : valueText(value);
}
