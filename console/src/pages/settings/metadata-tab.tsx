import { Button, NativeSelect, TextInput, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useState } from "react";
import type { CrmModule } from "../../api/crm.ts";
import type { JsonObject } from "../../api/json.ts";
import { useApi } from "../../data/api-context.ts";
import { keys } from "../../data/keys.ts";
import { useAct } from "../../data/use-act.ts";
import { useOrgs } from "../../data/use-orgs.ts";
import { Card, Columns, Row, Stack } from "../../parts/layout.tsx";
import { Loaded } from "../../parts/states.tsx";
import { useQueryState } from "../../routing/navigation.ts";
import { queryCodec } from "../../routing/query-state.ts";
import { FieldTable } from "./field-table.tsx";
import { apiNameOf, fieldTypes, newField } from "./new-field.ts";

const codec = queryCodec({ module: "Deals" });

/** Modules and fields of one's own, made through the CRM's API as any client would. */
export function MetadataTab() {
  const orgs = useOrgs();
  return (
    <Loaded query={orgs} what="orgs">
      {([org]) => (org === undefined ? null : <Metadata org={org.zgid} />)}
    </Loaded>
  );
}

function Metadata({ org }: { readonly org: string }) {
  const { crmOf } = useApi();
  const { state, set } = useQueryState(codec);
  const query = useQuery({ queryKey: keys.modules(org), queryFn: async () => (await crmOf(org).modules()).filter(isOpen) });
  return (
    <Loaded query={query} what="modules">
      {(modules) => (
        <Stack>
          <NativeSelect
            size="xs"
            label="Module"
            value={state.module}
            data={modules.map(({ api_name: value, plural_label: label, generated_type: type }) => ({
              value,
              label: type === "custom" ? `${label} (custom)` : label,
            }))}
            onChange={(event) => set({ module: event.currentTarget.value })}
          />
          <Columns>
            <Card title={`New field of ${state.module}`}>
              <FieldForm key={state.module} org={org} module={state.module} modules={modules} />
            </Card>
            <Card title="New module">
              <ModuleForm org={org} onMade={(module) => set({ module })} />
            </Card>
          </Columns>
          <FieldTable org={org} module={state.module} />
        </Stack>
      )}
    </Loaded>
  );
}

function isOpen(module: CrmModule): boolean {
  return module.api_supported && module.viewable && module.creatable;
}

function ModuleForm({ org, onMade }: { readonly org: string; readonly onMade: (module: string) => void }) {
  const { crmOf } = useApi();
  const [plural, setPlural] = useState("");
  const [singular, setSingular] = useState("");
  const apiName = apiNameOf(plural);
  const create = useAct<void, string>({
    run: () => crmOf(org).createModule({ plural: plural.trim(), singular: singular.trim(), apiName }),
    done: () => `${plural} is there. It has records and can be watched as any other module.`,
    areas: ["metadata"],
    andThen: () => onMade(apiName),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Name of several"
          placeholder="Site visits"
          required
          value={plural}
          onChange={(event) => setPlural(event.currentTarget.value)}
        />
        <TextInput
          label="Name of one"
          placeholder="Site visit"
          required
          value={singular}
          onChange={(event) => setSingular(event.currentTarget.value)}
        />
        <p className="wp-faint">API name: {apiName === "" ? "–" : <span className="wp-mono">{apiName}</span>}</p>
        <Row>
          <Button type="submit" disabled={apiName === "" || singular.trim() === ""} loading={create.isPending}>
            Make the module
          </Button>
        </Row>
      </Stack>
    </form>
  );
}

type FieldFormProps = { readonly org: string; readonly module: string; readonly modules: readonly CrmModule[] };

function FieldForm({ org, module, modules }: FieldFormProps) {
  const { crmOf } = useApi();
  const [label, setLabel] = useState("");
  const [type, setType] = useState("text");
  const [choices, setChoices] = useState("");
  const [target, setTarget] = useState("Accounts");
  const create = useAct<JsonObject, string>({
    run: (field) => crmOf(org).createField(module, field),
    done: () => `${label} is a field of ${module} now.`,
    areas: ["metadata"],
    andThen: () => setLabel(""),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    create.mutate(newField({ label, type, choices, target }));
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput label="Label" required value={label} onChange={(event) => setLabel(event.currentTarget.value)} />
        <NativeSelect label="Type" value={type} data={[...fieldTypes]} onChange={(event) => setType(event.currentTarget.value)} />
        {type === "picklist" || type === "multiselectpicklist" ? (
          <Textarea
            label="Choices"
            description="One a line."
            required
            rows={4}
            value={choices}
            onChange={(event) => setChoices(event.currentTarget.value)}
          />
        ) : null}
        {type === "lookup" ? (
          <NativeSelect
            label="Points to"
            value={target}
            data={modules.map(({ api_name: name }) => name)}
            onChange={(event) => setTarget(event.currentTarget.value)}
          />
        ) : null}
        <Row>
          <Button type="submit" disabled={label.trim() === ""} loading={create.isPending}>
            Make the field
          </Button>
        </Row>
      </Stack>
    </form>
  );
}
