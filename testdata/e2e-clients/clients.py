"""The stock Python clients of OpenAI and Anthropic against the gateway: answers, streams, and errors as exceptions.

usage: clients.py URL   (prints a line for each case; fails at the first that is not as expected)
"""
import sys

import anthropic
import openai

URL = sys.argv[1]
CHAT = [{"role": "user", "content": "who are you?"}]
QWEN = "I am the model qwen, played by the pod qwen-"

openai_client = openai.OpenAI(base_url=URL + "/v1", api_key="none", max_retries=0, timeout=30)
anthropic_client = anthropic.Anthropic(base_url=URL, api_key="none", max_retries=0, timeout=30)


def check(case, measured, condition):
    print(f"{case}: {measured}", flush=True)
    if not condition:
        sys.exit(f"WRONG: {case}")


def refused(case, kind, status, code, call):
    """The client raises its own exception, with the gateway's message in it."""
    try:
        call()
    except (openai.APIStatusError, anthropic.APIStatusError) as error:
        body = error.body.get("error", error.body) if isinstance(error.body, dict) else {}
        message = body.get("message") or ""
        check(
            case,
            f"{type(error).__module__.split('.')[0]}.{type(error).__name__} {error.status_code}: {message}",
            isinstance(error, kind) and error.status_code == status and body.get("code") == code
            and len(message) > 20 and message in str(error),
        )
    else:
        sys.exit(f"WRONG: {case}: no exception")


def answers_of_openai():
    chat = openai_client.chat.completions
    answer = chat.create(model="qwen", messages=CHAT)
    check("openai chat", answer.choices[0].message.content, answer.choices[0].message.content.startswith(QWEN))
    check("openai chat usage", answer.usage.total_tokens, answer.usage.total_tokens == 12)
    stream = chat.create(model="qwen", messages=CHAT, stream=True, stream_options={"include_usage": True})
    pieces = list(stream)
    text = "".join(piece.choices[0].delta.content for piece in pieces if piece.choices)
    check("openai stream", text, text.startswith(QWEN) and len(pieces) > 5)
    check("openai stream usage", pieces[-1].usage.total_tokens, pieces[-1].usage.total_tokens == 12)
    text = openai_client.completions.create(model="qwen", prompt="who are you?").choices[0].text
    check("openai completion", text, text.startswith(QWEN))
    vector = openai_client.embeddings.create(model="qwen", input="x", encoding_format="float").data[0].embedding
    check("openai embedding", vector, vector == [0.25, -0.5])
    answer = openai_client.responses.create(model="qwen", input="who are you?")
    check("openai response", answer.output_text, answer.output_text.startswith(QWEN))
    events = list(openai_client.responses.create(model="qwen", input="who are you?", stream=True))
    check("openai response stream", [event.type for event in events], events[-1].type == "response.completed")
    large = [{"role": "user", "content": "x" * 5_000_000}]
    text = chat.create(model="qwen", messages=large).choices[0].message.content
    check("openai chat of 5 MB", text, text.startswith(QWEN))
    answer = openai_client.audio.transcriptions.with_raw_response.create(model="qwen", file=("x.wav", b"x" * 100_000))
    pod = answer.headers["x-served-by"]
    check("openai transcription", pod, pod.startswith("qwen-"))
    names = [model.id for model in openai_client.models.list()]
    check("openai models", names, "qwen" in names and "deepseek-r1" in names)
    check("openai model", openai_client.models.retrieve("qwen").id, True)


def answers_of_anthropic():
    messages = anthropic_client.messages
    answer = messages.create(model="qwen", max_tokens=9, messages=CHAT)
    check("anthropic message", answer.content[0].text, answer.content[0].text.startswith(QWEN))
    with messages.stream(model="qwen", max_tokens=9, messages=CHAT) as stream:
        text = "".join(stream.text_stream)
        usage = stream.get_final_message().usage
    check("anthropic stream", text, text.startswith(QWEN))
    check("anthropic stream usage", usage.output_tokens, usage.output_tokens == 9)
    names = [model.id for model in anthropic_client.models.list()]
    check("anthropic models", names, "qwen" in names)


def errors_of_openai():
    chat = openai_client.chat.completions
    post = openai_client.post
    path = "/chat/completions"
    refused("openai unknown model", openai.NotFoundError, 404, "model_not_found",
            lambda: chat.create(model='no "such" % model', messages=CHAT))
    refused("openai unknown model of a stream", openai.NotFoundError, 404, "model_not_found",
            lambda: chat.create(model="no-such-model", messages=CHAT, stream=True))
    refused("openai retrieve unknown model", openai.NotFoundError, 404, "model_not_found",
            lambda: openai_client.models.retrieve("no-such-model"))
    refused("openai no model", openai.BadRequestError, 400, "missing_required_parameter",
            lambda: post(path, body={"messages": CHAT}, cast_to=object))
    refused("openai control character", openai.BadRequestError, 400, "invalid_model",
            lambda: chat.create(model="a\u0001", messages=CHAT))
    refused("openai no JSON", openai.APIStatusError, 415, "unsupported_content_type",
            lambda: post(path, content=b"hello", options={"headers": {"content-type": "text/plain"}}, cast_to=object))
    refused("openai 21 MiB", openai.APIStatusError, 413, "request_too_large",
            lambda: chat.create(model="qwen", messages=[{"role": "user", "content": "x" * (21 << 20)}]))
    refused("openai no pods", openai.InternalServerError, 503, "no_endpoints",
            lambda: chat.create(model="no-pods", messages=CHAT))


def errors_of_anthropic():
    def ask(model):
        return anthropic_client.messages.create(model=model, max_tokens=9, messages=CHAT)

    refused("anthropic unknown model", anthropic.NotFoundError, 404, "model_not_found", lambda: ask("no-such-model"))
    refused("anthropic control character", anthropic.BadRequestError, 400, "invalid_model", lambda: ask("a\u0001"))
    refused("anthropic no pods", anthropic.InternalServerError, 503, "no_endpoints", lambda: ask("no-pods"))


answers_of_openai()
answers_of_anthropic()
errors_of_openai()
errors_of_anthropic()
print("all as expected")
