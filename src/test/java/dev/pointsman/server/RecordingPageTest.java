package dev.pointsman.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.pointsman.config.BadInput;
import dev.pointsman.config.ServeSettings;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code /debug/recording}: the recorded requests, and nothing else of the folder. */
class RecordingPageTest extends ServerFixture {
  @TempDir
  private Path recorded;

  private HttpResponse<byte[]> get(TestServer settings) throws Exception {
    try (PointsmanServer server = settings.start();
        HttpClient client = HttpClient.newHttpClient()) {
      URI page = URI.create("http://127.0.0.1:" + server.ports().admin() + "/debug/recording");
      return client.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofByteArray());
    }
  }

  @Test
  void aZipHasTheRequestsInTheirOrder() throws Exception {
    Files.write(recorded.resolve("0001-PostRouteModify.pb"), new byte[] {1});
    Files.write(recorded.resolve("0002-PostTranslateModify.pb"), new byte[70_000]);
    Files.write(recorded.resolve("without-credentials.txt"), new byte[0]);
    Files.write(recorded.resolve(".recording123.tmp"), new byte[9]);
    Files.write(recorded.resolve("secrets.txt"), new byte[9]);
    TreeMap<String, Integer> found = new TreeMap<>();
    byte[] zipped = get(TestServer.over(resources).recording(recorded, 10)).body();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(zipped))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        found.put(entry.getName(), zip.readAllBytes().length);
      }
    }
    assertThat(found)
        .containsOnly(
            entry("0001-PostRouteModify.pb", 1), entry("0002-PostTranslateModify.pb", 70_000));
  }

  @Test
  void withoutARecordingTheOptionIsNamed() throws Exception {
    HttpResponse<byte[]> response = get(TestServer.over(resources));
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(new String(response.body(), StandardCharsets.UTF_8)).contains("--record DIR");
  }

  @Test
  void aRecordingWithCredentialsStaysOnTheDisk() throws Exception {
    Files.write(recorded.resolve("0001-PostRouteModify.pb"), new byte[] {1});
    HttpResponse<byte[]> response =
        get(TestServer.over(resources).recording(new ServeSettings.Record(recorded, 10, true)));
    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(new String(response.body(), StandardCharsets.UTF_8)).contains("--record-secrets");
  }

  /** A volume that is kept: the first run records credentials, the second one does not know of it. */
  @Test
  void noRunAddsToARecordingWithCredentialsOrHandsItOut() throws Exception {
    TestServer.over(resources)
        .recording(new ServeSettings.Record(recorded, 10, true))
        .start()
        .close();
    Files.write(recorded.resolve("0001-PostRouteModify.pb"), new byte[] {1});
    assertThatThrownBy(() -> TestServer.over(resources).recording(recorded, 10).start())
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(recorded.toString())
        .hasMessageContaining("--record-secrets");
  }

  /** An earlier build recorded credentials and wrote no mark. */
  @Test
  void aRecordingThatDoesNotSayThatItHasNoneIsTakenToHaveCredentials() throws Exception {
    Files.write(recorded.resolve("0001-PostRouteModify.pb"), new byte[] {1});
    assertThatThrownBy(() -> TestServer.over(resources).recording(recorded, 10).start())
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("--record-secrets");
  }

  /** This build, then an earlier one with {@code --record-secrets} after a rollback, which leaves this one's mark. */
  @Test
  void theMarkOfAnEarlierBuildCountsMore() throws Exception {
    Files.write(recorded.resolve("without-credentials.txt"), new byte[0]);
    Files.write(recorded.resolve("with-credentials.txt"), new byte[0]);
    assertThatThrownBy(() -> TestServer.over(resources).recording(recorded, 10).start())
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("--record-secrets");
  }

  @Test
  void credentialsAddedToARecordingWithoutThemKeepItOnTheDisk() throws Exception {
    try (PointsmanServer before =
            TestServer.over(resources).recording(recorded, 10).start();
        PointsmanServer beside = TestServer.over(resources)
            .recording(new ServeSettings.Record(recorded, 10, true))
            .start()) {
      assertThat(beside.ports().admin()).isPositive();
      assertThat(http(before.ports().admin(), "/debug/recording").statusCode()).isEqualTo(403);
    }
  }
}
