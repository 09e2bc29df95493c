package dev.pointsman.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.e2e.kubernetes.RawHttpConnection.Reply;
import dev.pointsman.e2e.kubernetes.RawHttpConnection.Request;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Requests without credentials, whose answers might name models of routes that ask for credentials. */
record NamesOfModels(TwoTenants tenants) implements TwoTenants.Action {
  private static final int GUARDED = 8087;

  @Override
  public List<String> run() throws IOException {
    List<String> got = new ArrayList<>();
    for (String host : List.of("guarded.example.com", "other.example.com")) {
      for (Request request : List.of(
          GoodRequests.get(host, "/v1/models"),
          GoodRequests.chat(host, "no-such-model", 300, false))) {
        Reply reply = tenants.ask(GUARDED, request);
        if (Stream.of("guarded-chat", "\"evil\"", " evil").anyMatch(reply.text()::contains)) {
          got.add(host + request.path() + " without credentials: " + reply);
        }
      }
    }
    Reply served = tenants.ask(
        GUARDED,
        GoodRequests.authorized(
            GoodRequests.chat("guarded.example.com", "guarded-chat", 300, false),
            "Bearer " + GoodRequests.token()));
    assertThat(served.header("x-served-by")).as(served.toString()).isEqualTo("good-chat");
    return got;
  }
}
