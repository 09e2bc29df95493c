package dev.pointsman.xds;

import com.google.protobuf.Struct;
import dev.pointsman.fuzz.FuzzInput;
import dev.pointsman.model.UserStrings;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Answers with users' texts are JSON with exactly these texts: errors, and the list of models. */
public final class JsonTextFuzz {
  private static final JsonMapper JSON = JsonMapper.shared();

  private JsonTextFuzz() {}

  /** One input. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    FuzzInput input = new FuzzInput(bytes);
    List<String> models = new ArrayList<>();
    while (input.hasMore() && models.size() < 20) {
      String name = input.text();
      if (UserStrings.refusedModel(name).isEmpty()) {
        models.add(name);
      }
      same(name, JSON.readTree(JsonStrings.quoted(name)).stringValue());
      OpenAiError error = OpenAiError.of(400, name, name, name);
      JsonNode read =
          JSON.readTree(error.response().getBody().getInlineString()).path("error");
      same(name, read.path("message").stringValue());
      same(name.isEmpty() ? null : name, read.path("param").stringValue(null));
      same(name, read.path("code").stringValue());
    }
    list(models);
  }

  private static void list(List<String> models) {
    Route route = ModelList.of(models).route();
    Struct facts = route.getMetadata().getFilterMetadataOrThrow(XdsNames.ANSWER_FILTER);
    JsonNode data =
        JSON.readTree(facts.getFieldsOrThrow("list").getStringValue()).path("data");
    List<String> listed = new ArrayList<>();
    data.forEach(entry -> {
      if (entry.size() != 4 || !entry.path("owned_by").asString("").equals("pointsman")) {
        throw new AssertionError("an entry has other fields: " + entry);
      }
      listed.add(entry.path("id").stringValue());
    });
    if (!listed.equals(models)) {
      throw new AssertionError(models + " are listed as " + listed);
    }
  }

  private static void same(@Nullable String text, @Nullable String read) {
    if (!Objects.equals(text, read)) {
      throw new AssertionError("<" + text + "> is read as <" + read + ">");
    }
  }
}
