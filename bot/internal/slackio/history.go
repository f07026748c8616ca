package slackio

import (
	"context"
	"errors"
	"iter"

	"github.com/slack-go/slack"
)

const pageSize = 200

// messages reads a thread (or, without one, a channel) from oldest on, with metadata, a page at
// a time. A deleted thread is an empty one. Its error is a [*inbox.PostError] that never says Ambiguous.
func (p *Poster) messages(ctx context.Context, channel, thread, oldest string) iter.Seq2[slack.Message, error] {
	return func(yield func(slack.Message, error) bool) {
		cursor := ""
		for {
			page, next, err := p.page(ctx, channel, thread, oldest, cursor)
			if err != nil {
				yield(slack.Message{}, err)
				return
			}
			for _, m := range page {
				if !yield(m, nil) {
					return
				}
			}
			if cursor = next; cursor == "" {
				return
			}
		}
	}
}

func (p *Poster) page(ctx context.Context, channel, thread, oldest, cursor string) (page []slack.Message, next string, err error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	if thread != "" {
		page, _, next, err = p.api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
			ChannelID: channel, Timestamp: thread, Oldest: oldest, Inclusive: true, Cursor: cursor, Limit: pageSize, IncludeAllMetadata: true,
		})
	} else {
		var r *slack.GetConversationHistoryResponse
		r, err = p.api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
			ChannelID: channel, Oldest: oldest, Inclusive: true, Cursor: cursor, Limit: pageSize, IncludeAllMetadata: true,
		})
		if err == nil {
			page, next = r.Messages, r.ResponseMetaData.NextCursor
		}
	}
	var refusal slack.SlackErrorResponse
	if errors.As(err, &refusal) && refusal.Err == "thread_not_found" {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", postError(err, false) // reading makes nothing: never Ambiguous
	}
	return page, next, nil
}
