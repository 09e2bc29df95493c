package dev.pointsman.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import dev.pointsman.cli.Commands;
import dev.pointsman.config.BadInput;
import dev.pointsman.config.ServeSettings;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc;
import dev.pointsman.extension.PostRouteModifyRequest;
import dev.pointsman.rig.RawMessages;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code serve --record}: what is recorded is what was asked, and can be played. */
class RequestRecorderTest {
  private static final Path CASE = Path.of("testdata/translate/weights-two-pools");

  @TempDir
  private Path resources;

  @TempDir
  private Path recorded;

  private static List<Path> requests(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".pb")).sorted().toList();
    }
  }

  private static List<String> names(Path folder) throws IOException {
    return requests(folder).stream().map(file -> file.getFileName().toString()).toList();
  }

  private static void ask(ManagedChannel channel, String hook, byte[] request) {
    byte[] _ = ClientCalls.blockingUnaryCall(
        channel,
        MethodDescriptor.newBuilder(RawMessages.MARSHALLER, RawMessages.MARSHALLER)
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(EnvoyGatewayExtensionGrpc.SERVICE_NAME + "/" + hook)
            .build(),
        CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS),
        request);
  }

  /** Serves with recording and asks what the files of a recording ask. */
  private void askAll(List<Path> files, int limit) throws Exception {
    askAll(files, new ServeSettings.Record(recorded, limit, false));
  }

  private void askAll(List<Path> files, ServeSettings.Record record) throws Exception {
    try (PointsmanServer server = TestServer.over(resources).recording(record).start()) {
      ManagedChannel channel = NettyChannelBuilder.forAddress(
              "127.0.0.1", server.ports().grpc())
          .usePlaintext()
          .build();
      for (Path file : files) {
        String hook = file.getFileName().toString().substring(5).replace(".pb", "");
        ask(channel, hook, Files.readAllBytes(file));
      }
      channel.shutdownNow();
    }
  }

  private static String translated(Path folder) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Commands.run(
        new PrintWriter(out), new PrintWriter(err), "translate", "--recorded", folder.toString());
    assertThat(code).as(err.toString()).isZero();
    return out.toString();
  }

  @Test
  void aRecordingPlaysAsWhatWasAsked() throws Exception {
    List<Path> asked = requests(CASE);
    askAll(asked, 10_000);
    assertThat(names(recorded)).isEqualTo(names(CASE));
    for (Path file : asked) {
      assertThat(recorded.resolve(file.getFileName())).hasSameBinaryContentAs(file);
    }
    assertThat(translated(recorded)).isEqualTo(translated(CASE));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void credentialsAreLeftOutUnlessAskedFor(boolean secrets) throws Exception {
    Path protectedModel = Path.of("testdata/translate/auth-api-key-on-one-model");
    askAll(requests(protectedModel), new ServeSettings.Record(recorded, 10_000, secrets));
    for (Path file : requests(recorded)) {
      Path asked = protectedModel.resolve(file.getFileName());
      assertThat(contains(file, "supersecret"))
          .isEqualTo(secrets && contains(asked, "supersecret"));
    }
    assertThat(translated(recorded).replaceAll("hidden-[0-9a-f]{16}", "supersecret"))
        .isEqualTo(translated(protectedModel));
  }

  private static boolean contains(Path file, String text) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
  }

  @Test
  void allSixHooksAreRecordedForTheOwnerOnly() throws Exception {
    Path empty = Files.createDirectory(resources.resolve("asked"));
    for (String hook :
        List.of("Route", "VirtualHost", "HTTPListener", "Cluster", "Endpoints", "Translate")) {
      Files.write(empty.resolve("0000-Post" + hook + "Modify.pb"), new byte[0]);
    }
    askAll(requests(empty), 10_000);
    assertThat(requests(recorded))
        .hasSize(6)
        .allSatisfy(
            file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------"));
    try (Stream<Path> all = Files.list(recorded)) {
      assertThat(all).as("nothing unfinished is left, and the mark is").hasSize(7);
    }
  }

  @Test
  void theNextProcessGoesOnAfterTheLastNumber() throws Exception {
    Files.write(recorded.resolve("0041-PostRouteModify.pb"), new byte[0]);
    Files.writeString(recorded.resolve("notes.txt"), "not a request");
    Files.writeString(recorded.resolve("without-credentials.txt"), "");
    askAll(requests(CASE).subList(0, 2), 10_000);
    assertThat(names(recorded))
        .containsExactly(
            "0041-PostRouteModify.pb", "0042-PostRouteModify.pb", "0043-PostEndpointsModify.pb");
  }

  @Test
  void stopsAtTheLimitAndStillAnswers() throws Exception {
    askAll(requests(CASE), 2);
    assertThat(requests(recorded)).hasSize(2);
  }

  @Test
  void aFolderThatGoesAwayDoesNotStopTheHooks() throws Exception {
    try (PointsmanServer server =
        TestServer.over(resources).recording(recorded.resolve("sub"), 9).start()) {
      Files.delete(recorded.resolve("sub/without-credentials.txt"));
      Files.delete(recorded.resolve("sub"));
      ManagedChannel channel = NettyChannelBuilder.forAddress(
              "127.0.0.1", server.ports().grpc())
          .usePlaintext()
          .build();
      ask(channel, "PostRouteModify", new byte[0]);
      ask(channel, "PostTranslateModify", new byte[0]);
      channel.shutdownNow();
    }
  }

  /** A message in thousands of others: nothing that Envoy reads, and more than a stack holds. */
  private static byte[] deep() {
    Any inside = Any.getDefaultInstance();
    for (int i = 0; i < 5_000; i++) {
      inside = Any.pack(inside);
    }
    return PostRouteModifyRequest.newBuilder()
        .setRoute(
            Route.newBuilder().putTypedPerFilterConfig("deep", inside).build().toByteString())
        .build()
        .toByteArray();
  }

  @Test
  void aRequestThatIsTooDeepToRecordIsAnswered() throws Exception {
    Path asked = Files.createDirectory(resources.resolve("asked"));
    Files.write(asked.resolve("0000-PostRouteModify.pb"), deep());
    Files.write(asked.resolve("0001-PostClusterModify.pb"), new byte[0]);
    askAll(requests(asked), 10_000);
    // on a large stack it can be recorded
    assertThat(names(recorded)).last().asString().endsWith("-PostClusterModify.pb");
  }

  @Test
  void aFileInsteadOfAFolderIsRefusedBeforeTheStart() throws Exception {
    Path file = Files.writeString(recorded.resolve("file"), "");
    assertThatThrownBy(() -> RequestRecorder.into(new ServeSettings.Record(file, 1, false)))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("--record " + file);
  }
}
