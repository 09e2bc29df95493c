package dev.pointsman.kube.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.kube.api.StandInApiServer.Failure;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Service that is not there is known not to exist only where Services are read, and while they are. */
class CurrentNamespacesTest extends StandInFixture {
  @ParameterizedTest
  @ValueSource(ints = {403, 500, 503})
  void aNamespaceIsNotCurrentWhileItsServicesCannotBeRead(int code) throws Exception {
    assertThat(source.isCurrent("ml")).isFalse();
    run();
    awaitCurrent(true);
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(server.watching(SERVICES)).isOne());
    server.fail(SERVICES, failures(code, 1000));
    server.cut(SERVICES);
    awaitCurrent(false);
    assertThat(source.synced()).isTrue();
    server.fail(SERVICES, failures(code, 0));
    awaitCurrent(true);
  }

  @Test
  void aNamespaceIsNotCurrentIfItsPoolsMayNotBeReadFromTheStart() throws Exception {
    server.fail(POOLS, failures(403, 1000));
    run();
    await().atMost(SOON).untilAsserted(() -> assertThat(source.synced()).isTrue());
    assertThat(source.isCurrent("ml")).isFalse();
  }

  @Test
  void aKindThatIsNotServedHasNoObjects() throws Exception {
    server.fail(POOLS.replace(".k8s.io/v1/", ".x-k8s.io/v1alpha2/"), failures(404, 1000));
    run();
    awaitCurrent(true);
  }

  @Test
  void aNamespaceThatIsNotWatchedIsNeverCurrent() throws Exception {
    source = new KubernetesSource(server.access(folder), List.of("ml"), () -> {});
    run();
    awaitCurrent(true);
    assertThat(source.isCurrent("others")).isFalse();
  }

  private void awaitCurrent(boolean isCurrent) {
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(source.isCurrent("ml")).isEqualTo(isCurrent));
  }

  private static Failure failures(int code, int times) {
    return new Failure(code, times, Map.of(), "{\"message\": \"no\"}");
  }
}
