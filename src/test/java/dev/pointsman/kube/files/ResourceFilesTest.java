package dev.pointsman.kube.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pointsman.model.Endpoint;
import dev.pointsman.model.ServicePort;
import dev.pointsman.model.ServiceRefusal;
import dev.pointsman.rig.Logged;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

/** The snapshot of a folder of manifests, and its problems. */
class ResourceFilesTest extends ResourceFilesFixture {
  @Test
  void readsBothGroupsListsJsonAnchorsAndSubfolders() throws Exception {
    write("pools/pools.yaml", POOL + """
        ---
        # only a comment
        ---
        apiVersion: inference.networking.x-k8s.io/v1alpha2
        kind: InferencePool
        metadata: {name: old}
        spec: {selector: &sel {app: qwen}, targetPortNumber: 8001, extensionRef: {name: epp}}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: anchored}
        spec: {selector: {app: qwen}, ports: [{port: &p 9002, targetPort: *p}]}
        """);
    write("pods.json", """
        {"apiVersion": "v1", "kind": "PodList", "items": [
          {"metadata": {"name": "a", "namespace": "default", "labels": {"app": "qwen"}},
           "status": {"podIP": "10.0.0.1", "conditions": [{"type": "Ready", "status": "True"}]}},
          {"metadata": {"name": "b", "namespace": "default", "labels": {"app": "qwen"}},
           "status": {"podIP": "10.0.0.2", "conditions": [{"type": "Ready", "status": "False"}]}}]}
        """);
    write("list.yml", """
        apiVersion: v1
        kind: List
        items:
        - apiVersion: v1
          kind: Service
          metadata: {name: epp}
          spec: {ports: [{name: grpc, port: 9002, targetPort: grpc}, {port: 53, protocol: UDP}]}
        - apiVersion: discovery.k8s.io/v1
          kind: EndpointSlice
          metadata: {name: epp-1, labels: {kubernetes.io/service-name: epp}}
          endpoints:
          - {addresses: [10.1.0.1]}
          - {addresses: [10.1.0.2], conditions: {ready: false}}
          ports: [{name: grpc, port: 9090}]
        - {apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r}}
        """);
    write(".hidden.yaml", "{{{");
    write("notes.txt", "{{{");
    start();
    assertThat(hosts()).containsExactly("10.0.0.1");
    assertThat(files.get().endpointsOf(OLD).orElseThrow())
        .containsExactly(new Endpoint("10.0.0.1", 8001));
    assertThat(files.get().endpointsOf(new ServicePort("default", "epp", 9002)).orElseThrow())
        .containsExactly(new Endpoint("10.1.0.1", 9090));
    assertThat(files.get().endpointsOf(new ServicePort("default", "epp", 53))).isEmpty();
    assertThat(files
            .get()
            .endpointsOf(new ServicePort("default", "anchored", 9002))
            .orElseThrow())
        .containsExactly(new Endpoint("10.0.0.1", 9002));
    assertThat(said()).isEmpty();
  }

  @Test
  void leavesOutFinishedPodsStandbyPickersAndExternalNames() throws Exception {
    write(
        "pool.yaml",
        POOL
            + pod("a", "10.0.0.1", "")
            + pod("b", "10.0.0.2", "").replace("{podIP", "{phase: Failed, podIP"));
    write("pickers.yaml", """
        {apiVersion: v1, kind: Service, metadata: {name: epp}, spec: {ports: [{port: 9002}]}}
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: epp-1, labels: {kubernetes.io/service-name: epp}}
        endpoints:
        - {addresses: [10.1.0.1], conditions: {ready: true, serving: true}}
        - {addresses: [10.1.0.2], conditions: {ready: true, serving: false}}
        ports: [{port: 9002}]
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: elsewhere}
        spec: {type: ExternalName, externalName: kubernetes.default.svc, selector: {app: qwen}, ports: [{port: 443}]}
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: elsewhere-1, labels: {kubernetes.io/service-name: elsewhere}}
        endpoints: [{addresses: [10.96.0.1]}]
        ports: [{port: 443}]
        """);
    start();
    assertThat(hosts()).containsExactly("10.0.0.1");
    assertThat(files.get().endpointsOf(new ServicePort("default", "epp", 9002)).orElseThrow())
        .containsExactly(new Endpoint("10.1.0.1", 9002));
    ServicePort elsewhere = new ServicePort("default", "elsewhere", 443);
    assertThat(files.get().endpointsOf(elsewhere).orElseThrow()).isEmpty();
    assertThat(files.get().refusal(elsewhere)).contains(ServiceRefusal.EXTERNAL);
  }

  @Test
  void badObjectsAreNamedWithFileObjectAndFieldAndTheRestIsUsed() throws Exception {
    write("a.yaml", POOL + pod("good", "10.0.0.1", "") + pod("bad", "10.0.0", "") + """
        ---
        apiVersion: inference.networking.k8s.io/v1
        kind: InferencePool
        metadata: {name: broken, namespace: ml}
        spec: {selector: {matchLabels: {app: x}}, targetPorts: [{number: 99999}], endpointPickerRef: {name: e}}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: s}
        spec: {ports: [{port: 0}, {port: 80, targetPort: 70000}, {port: 81}]}
        ---
        - a list
        ---
        metadata: {name: nothing}
        """);
    write("b.yaml", pod("good", "10.0.0.7", ""));
    start();
    assertThat(hosts()).containsExactly("10.0.0.1");
    assertThat(files.get().endpointsOf(new ServicePort("default", "s", 81))).isPresent();
    assertThat(said())
        .anySatisfy(line -> assertThat(line)
            .startsWith("a.yaml: Pod default/bad status.podIP: is \"10.0.0\": not an IP address"))
        .anySatisfy(line -> assertThat(line)
            .startsWith("a.yaml: InferencePool ml/broken spec.targetPorts[0].number: is 99999"))
        .anySatisfy(line ->
            assertThat(line).startsWith("a.yaml: Service default/s spec.ports[0].port: is 0"))
        .anySatisfy(line -> assertThat(line)
            .startsWith("a.yaml: Service default/s spec.ports[1].targetPort: is 70000"))
        .anySatisfy(line ->
            assertThat(line).startsWith("file a.yaml: line 29: document 6 is not an object"))
        .anySatisfy(
            line -> assertThat(line).startsWith("a.yaml: object default/nothing kind: is missing"))
        .anySatisfy(line ->
            assertThat(line).startsWith("b.yaml: Pod default/good: is defined already in a.yaml"));
  }

  @Test
  void readingOnceSaysWhatIsBrokenEvenIfItWasJustWritten() throws Exception {
    write("all.yaml", POOL + pod("a", "10.0.0.1", "") + "---\nkind: [oops\n");
    ResourceFiles.FolderObjects reading = ResourceFiles.read(folder);
    assertThat(reading.snapshot().endpointsOf(QWEN).orElseThrow()).hasSize(1);
    assertThat(reading.problems())
        .singleElement()
        .asString()
        .contains("the documents before that position are used");
  }

  /** It is no problem: Envoy Gateway may read the same folder. */
  @Test
  void policiesAreReportedToHaveNoEffectFromAFolder() throws Exception {
    write("all.yaml", POOL + """
        ---
        apiVersion: pointsman.dev/v1alpha1
        kind: InferencePolicy
        metadata: {name: qwen, namespace: ml}
        spec: {targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: llm}], modelsFrom: InferenceModel}
        """);
    ResourceFiles.FolderObjects reading = ResourceFiles.read(folder);
    assertThat(reading.problems()).isEmpty();
    assertThat(reading.unused())
        .containsExactly(
            "all.yaml: InferencePolicy ml/qwen has no effect from this folder: Envoy Gateway"
                + " sends the policies that count, so put it where Envoy Gateway reads its objects");
    try (Logged logged = new Logged()) {
      start();
      await()
          .atMost(LIVE)
          .untilAsserted(() -> assertThat(logged.lines())
              .anyMatch(line -> line.startsWith("INFO all.yaml: InferencePolicy ml/qwen")));
    }
  }

  /** A file that cannot be read may have it. */
  @Test
  void anObjectIsKnownToBeMissingOnlyIfAllFilesCanBeRead() throws Exception {
    write("pool.yaml", POOL);
    start();
    assertThat(files.isCurrent("default")).isTrue();
    write("broken.yaml", "{{{");
    await().untilAsserted(() -> assertThat(files.isCurrent("default")).isFalse());
    Files.delete(folder.resolve("broken.yaml"));
    await().untilAsserted(() -> assertThat(files.isCurrent("default")).isTrue());
  }

  @Test
  void stateTellsTheFirstProblems() throws Exception {
    for (int i = 0; i < 25; i++) {
      write("broken-%02d.yaml".formatted(i), "- no object");
    }
    start();
    assertThat(files.state().problems())
        .hasSize(21)
        .startsWith(
            "file broken-00.yaml: line 1: document 1 is not an object (PM0015 InvalidObject)")
        .endsWith("5 more problems of files: see the log");
    assertThat(files.diagnostics()).hasSize(25);
  }

  @Test
  void aFolderThatIsNotThereIsAClearError() {
    try (ResourceFiles nowhere = new ResourceFiles(folder.resolve("nowhere"))) {
      assertThatThrownBy(() -> nowhere.start(published::add))
          .isInstanceOf(UncheckedIOException.class)
          .hasCauseInstanceOf(NoSuchFileException.class);
    }
  }
}
