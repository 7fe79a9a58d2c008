import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { Component, ImageFile } from '../component.ts';
import { cnis, meshes } from '../index.ts';
import { allComponents, componentsFor } from './index.ts';

const modulesFolder = fileURLToPath(new URL('../modules/', import.meta.url));
const named = new Map(allComponents.map((component) => [component.name, component]));

const layouts = allComponents.flatMap((component) =>
  Object.entries(component.images ?? {}).map(([reference, layout]) => ({ component, reference, layout })),
);
const filesOf = (component: Component): readonly ImageFile[] =>
  Object.values(component.images ?? {}).flatMap(({ files }) => files);

describe('components', () => {
  it('have distinct names and image references', () => {
    expect(named.size).to.equal(allComponents.length);
    expect(new Set(layouts.map(({ reference }) => reference)).size).to.equal(layouts.length);
  });

  it('never use a moving tag: nodes hold the images, and :latest would be pulled', () => {
    for (const { reference } of layouts) expect(reference, reference).to.match(/:[^/:]*\d[^/:]*$/);
  });

  it('take binaries from components that build them', () => {
    for (const { source } of allComponents.flatMap(filesOf)) {
      if (source.from !== 'binary') continue;
      const built = named.get(source.component)?.go?.binaries.map(({ name }) => name);
      expect(built, source.component).to.include(source.binary);
    }
  });

  it('take module files from modules that the component requires', () => {
    for (const { source } of allComponents.flatMap(filesOf)) {
      if (source.from !== 'module') continue;
      const folder = named.get(source.component)?.go?.moduleDir ?? '';
      const required = readFileSync(`${modulesFolder}${folder}/go.mod`, 'utf8');
      expect(required, source.module).to.include(`${source.module} v`);
    }
  });

  it('commit go.mod and go.sum of every module, requiring what each package belongs to', () => {
    for (const { name, go } of allComponents) {
      if (go === undefined) continue;
      const folder = `${modulesFolder}${go.moduleDir}`;
      expect(existsSync(`${folder}/go.sum`), name).to.equal(true);
      const text = readFileSync(`${folder}/go.mod`, 'utf8');
      const required = [...text.matchAll(/^(?:require )?\s*(\S+) v\S+/gm)].map(([, module = '']) => module);
      for (const { package: path } of go.binaries) {
        if (path.startsWith('.')) continue; // a main package of our own, beside the go.mod
        expect(
          required.some((module) => path === module || path.startsWith(`${module}/`)),
          path,
        ).to.equal(true);
      }
    }
  });

  it('make every program executable', () => {
    for (const { component, layout } of layouts) {
      for (const { to, mode, source } of layout.files) {
        const program = /\/s?bin\/[^/]+$/.test(to) && source.from !== 'binary';
        if (program) expect(mode, `${component.name} ${to}`).to.equal(0o755);
      }
    }
  });
});

describe('componentsFor', () => {
  it('holds all that the chosen products declare, and nothing that only others do', () => {
    for (const { name: cni, components } of cnis) {
      for (const { name: mesh, components: ofMesh } of [
        { name: 'none', components: [] as readonly Component[] },
        ...meshes,
      ]) {
        const chosen = componentsFor({ cni, mesh });
        expect(chosen).to.include.members([...components, ...ofMesh]);
        const others = cnis.flatMap((other) => other.components).filter((one) => !components.includes(one));
        for (const other of others.filter((one) => !ofMesh.includes(one))) expect(chosen).not.to.include(other);
      }
    }
  });
});
