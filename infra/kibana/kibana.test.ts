import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ndjsonFile, savedObjects } from './build.ts';
import { checkSavedObjects } from './check.ts';
import { fieldsOfQuery } from './check-fields.ts';
import { templateFields } from './fields.ts';
import type { Column } from './lens.ts';
import type { SavedObject } from './saved-object.ts';
import { toNdjson } from './saved-object.ts';

const committed = readFileSync(ndjsonFile, 'utf8');

describe('the Kibana objects', () => {
  it('are in the file as they are written in TypeScript (else: node infra/kibana/build.ts)', () => {
    expect(committed).toBe(toNdjson(savedObjects));
  });

  it('are such as Kibana takes and shows', () => {
    expect(checkSavedObjects(committed, templateFields)).toEqual([]);
  });

  it('show what the product promises', () => {
    const dashboard = objectOf(savedObjects, 'dashboard', 'outcry-overview');
    const titles = panelsOf(dashboard).map((panel) => panel.embeddableConfig.title);
    expect(titles).toEqual(
      expect.arrayContaining([
        'Open outages',
        'Voices in trouble, last hour',
        'Voices in trouble over time, by target',
        'What fails',
        'Where',
        'On what',
        'Latest signals',
      ]),
    );
    expect(savedObjects.filter(({ type }) => type === 'index-pattern').map(({ id }) => id)).toEqual(
      ['outcry-signals', 'outcry-outages', 'outcry-outage-events'],
    );
  });
});

describe('the check of Kibana objects', () => {
  // Each entry breaks a copy of our own objects in one way, and names what must be said of it.
  const mistakes: [name: string, problem: RegExp, break_: (objects: SavedObject[]) => void][] = [
    [
      'a reference to nothing',
      /missing index-pattern nowhere/,
      (objects) => {
        objectOf(objects, 'search', 'outcry-latest-signals').references[0]!.id = 'nowhere';
      },
    ],
    [
      'two objects of one id',
      /same type and id/,
      (objects) => {
        objects.push(objects[1]!);
      },
    ],
    [
      'a newer version',
      /typeMigrationVersion/,
      (objects) => {
        objects[0]!.typeMigrationVersion = '99.0.0';
      },
    ],
    [
      'an id that is no slug',
      /no slug/,
      (objects) => {
        objects[0]!.id = 'a:b';
      },
    ],
    [
      'an unknown attribute',
      /unknown key colour/,
      (objects) => {
        objects[0]!.attributes.colour = 'red';
      },
    ],
    [
      'nested JSON that is broken',
      /optionsJSON: is not JSON/,
      (objects) => {
        objectOf(objects, 'dashboard', 'outcry-overview').attributes.optionsJSON = '{';
      },
    ],
    [
      'a column of no field',
      /unknown field outcry\.nothing/,
      (objects) => {
        const search = objectOf(objects, 'search', 'outcry-latest-signals');
        (search.attributes.columns as string[]).push('outcry.nothing');
      },
    ],
    [
      'a query for no field',
      /asks for unknown field outcry\.stanc\b/,
      (objects) => {
        editPanels(objects, (panels) => {
          lensOf(panels, 'voices-over-time').state.query.query = 'outcry.stanc: "asking"';
        });
      },
    ],
    [
      'a data view of no index',
      /no template makes an index named elsewhere/,
      (objects) => {
        objectOf(objects, 'index-pattern', 'outcry-signals').attributes.title = 'elsewhere';
      },
    ],
    [
      'a label of no field',
      /fieldAttrs: no field nothing/,
      (objects) => {
        const view = objectOf(objects, 'index-pattern', 'outcry-signals');
        view.attributes.fieldAttrs = '{"nothing":{"customLabel":"x"}}';
      },
    ],
    [
      'a chart over the time of a data view without one',
      /wants a time/,
      (objects) => {
        delete objectOf(objects, 'index-pattern', 'outcry-signals').attributes.timeFieldName;
      },
    ],
    [
      'groups of a text field',
      /message is text, not keyword/,
      (objects) => {
        editPanels(objects, (panels) => {
          columnsOf(panels, 'countries').x!.sourceField = 'message';
        });
      },
    ],
    [
      'a histogram over a keyword',
      /is keyword, not date/,
      (objects) => {
        editPanels(objects, (panels) => {
          columnsOf(panels, 'voices-over-time').x!.sourceField = 'service.name';
        });
      },
    ],
    [
      'a field that is kept but not indexed',
      /no field outcry\.places/,
      (objects) => {
        editPanels(objects, (panels) => {
          columnsOf(panels, 'countries').x!.sourceField = 'outcry.places';
        });
      },
    ],
    [
      'an order by a missing column',
      /ordered by missing column gone/,
      (objects) => {
        editPanels(objects, (panels) => {
          columnsOf(panels, 'countries').x!.params.orderBy = { type: 'column', columnId: 'gone' };
        });
      },
    ],
    [
      'an accessor of no column',
      /shows missing column gone/,
      (objects) => {
        editPanels(objects, (panels) => {
          lensOf(panels, 'open-outages-count').state.visualization.metricAccessor = 'gone';
        });
      },
    ],
    [
      'a column that nothing shows',
      /column split is not shown/,
      (objects) => {
        editPanels(objects, (panels) => {
          const layers = lensOf(panels, 'voices-over-time').state.visualization.layers as {
            splitAccessor?: string;
          }[];
          delete layers[0]!.splitAccessor;
        });
      },
    ],
    [
      'a number before a group',
      /group stands after a number/,
      (objects) => {
        editPanels(objects, (panels) => {
          layerOf(panels, 'voices-over-time').columnOrder.reverse();
        });
      },
    ],
    [
      'a column order that lacks a column',
      /columnOrder is not the columns/,
      (objects) => {
        editPanels(objects, (panels) => {
          layerOf(panels, 'voices-over-time').columnOrder.pop();
        });
      },
    ],
    [
      'a layer that the dashboard does not refer to',
      /no reference named countries:/,
      (objects) => {
        const dashboard = objectOf(objects, 'dashboard', 'outcry-overview');
        dashboard.references = dashboard.references.filter(
          ({ name }) => !name.startsWith('countries:'),
        );
      },
    ],
    [
      'a reference that nobody uses',
      /reference spare is not used/,
      (objects) => {
        objectOf(objects, 'dashboard', 'outcry-overview').references.push({
          type: 'index-pattern',
          id: 'outcry-signals',
          name: 'spare',
        });
      },
    ],
    [
      'references that disagree',
      /references disagree/,
      (objects) => {
        const dashboard = objectOf(objects, 'dashboard', 'outcry-overview');
        dashboard.references.find(({ name }) => name.startsWith('countries:'))!.id =
          'outcry-outages';
      },
    ],
    [
      'a layer of another name',
      /different layers/,
      (objects) => {
        editPanels(objects, (panels) => {
          lensOf(panels, 'open-outages-count').state.visualization.layerId = 'other';
        });
      },
    ],
    [
      'a panel beyond the edge',
      /wider than the page/,
      (objects) => {
        editPanels(objects, (panels) => {
          panels[0]!.gridData.w = 49;
        });
      },
    ],
    [
      'panels on top of one another',
      /overlaps/,
      (objects) => {
        editPanels(objects, (panels) => {
          panels[1]!.gridData.y = 0;
        });
      },
    ],
    [
      'a panel whose grid has another name',
      /gridData\.i/,
      (objects) => {
        editPanels(objects, (panels) => {
          panels[1]!.gridData.i = 'other';
        });
      },
    ],
    [
      'a Lens panel by reference',
      /uses "savedObjectId"/,
      (objects) => {
        editPanels(objects, (panels) => {
          Object.assign(panels[1]!.embeddableConfig, { savedObjectId: 'x' });
        });
      },
    ],
    [
      'a map that needs a server of Elastic',
      /uses EMS_TMS/,
      (objects) => {
        editPanels(objects, (panels) => {
          Object.assign(panels[1]!.embeddableConfig, { layers: ['EMS_TMS'] });
        });
      },
    ],
    [
      'a control on a text field',
      /control target: message is text/,
      (objects) => {
        editControls(objects, (controls) => {
          controls.target!.explicitInput.fieldName = 'message';
        });
      },
    ],
    [
      'a control on another data view',
      /control target: the reference names another/,
      (objects) => {
        editControls(objects, (controls) => {
          controls.target!.explicitInput.dataViewId = 'outcry-outages';
        });
      },
    ],
  ];

  for (const [name, problem, break_] of mistakes)
    it(`finds ${name}`, () => {
      const objects = structuredClone(savedObjects) as SavedObject[];
      break_(objects);
      expect(checkSavedObjects(toNdjson(objects), templateFields).join('\n')).toMatch(problem);
    });

  it('finds a line that is no JSON, and a last line without an end', () => {
    expect(checkSavedObjects('{"type":', templateFields).join('\n')).toMatch(
      /line break\nline 1: is not JSON/,
    );
  });

  it('reads the fields of a query, not its words', () => {
    expect(fieldsOfQuery('a.b: ("x: y" or z) and not c >= 5 and "free: text"')).toEqual([
      'a.b',
      'c',
    ]);
  });
});

interface PanelJson {
  panelIndex: string;
  gridData: { x: number; y: number; w: number; h: number; i: string };
  embeddableConfig: { title?: string; attributes?: unknown };
}
interface LensJson {
  state: {
    visualization: Record<string, unknown>;
    query: { query: string };
    datasourceStates: {
      formBased: {
        layers: { layer: { columnOrder: string[]; columns: Record<string, Column> } };
      };
    };
  };
}

function objectOf(objects: readonly SavedObject[], type: string, id: string): SavedObject {
  return objects.find((object) => object.type === type && object.id === id)!;
}

function panelsOf(dashboard: SavedObject): PanelJson[] {
  return JSON.parse(String(dashboard.attributes.panelsJSON)) as PanelJson[];
}

function editPanels(objects: SavedObject[], edit: (panels: PanelJson[]) => void): void {
  const dashboard = objectOf(objects, 'dashboard', 'outcry-overview');
  const panels = panelsOf(dashboard);
  edit(panels);
  dashboard.attributes.panelsJSON = JSON.stringify(panels);
}

function lensOf(panels: PanelJson[], id: string): LensJson {
  const panel = panels.find(({ panelIndex }) => panelIndex === id)!;
  return panel.embeddableConfig.attributes as LensJson;
}

function layerOf(panels: PanelJson[], id: string) {
  return lensOf(panels, id).state.datasourceStates.formBased.layers.layer;
}

function columnsOf(panels: PanelJson[], id: string): Record<string, Column> {
  return layerOf(panels, id).columns;
}

type ControlsJson = Record<string, { explicitInput: { fieldName: string; dataViewId: string } }>;

function editControls(objects: SavedObject[], edit: (controls: ControlsJson) => void): void {
  const dashboard = objectOf(objects, 'dashboard', 'outcry-overview');
  const group = dashboard.attributes.controlGroupInput as { panelsJSON: string };
  const controls = JSON.parse(group.panelsJSON) as ControlsJson;
  edit(controls);
  group.panelsJSON = JSON.stringify(controls);
}
